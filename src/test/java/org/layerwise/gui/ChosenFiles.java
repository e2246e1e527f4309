package org.layerwise.gui;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.FileDialogs;

/** File dialogs in which a test has already chosen. */
public final class ChosenFiles implements FileDialogs {

    private volatile @Nullable Path next;

    /** What the next dialog gives; null for Cancel. */
    public void choose(@Nullable Path path) {
        next = path;
    }

    @Override
    public Optional<Path> openModelFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openDataFile() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openConfigurationFile() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openSelectionFile() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openAnalysisFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openTrajectoryFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openCheckpointsFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openStudyFile() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openAdapterFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openLibrariesFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openKeyFile() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openSharedFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openRunsFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> openExperimentFolder() {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> folder(Purpose purpose) {
        return Optional.ofNullable(next);
    }

    @Override
    public Optional<Path> save(Purpose purpose, String suggestedName) {
        return Optional.ofNullable(next);
    }
}
