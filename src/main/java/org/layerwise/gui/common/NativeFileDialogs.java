package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.document.StudyFile;

/** Native file dialogs of the platform, which open in the last folder of the same purpose. */
public final class NativeFileDialogs implements FileDialogs {

    private final Window owner;
    private final LastFolderStore folders;

    public NativeFileDialogs(Window owner, LastFolderStore folders) {
        this.owner = owner;
        this.folders = folders;
    }

    @Override
    public Optional<Path> openModelFolder() {
        return readFolder(Purpose.MODEL, "dialog.model.title");
    }

    private Optional<Path> readFolder(Purpose purpose, String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(text(title));
        start(purpose, chooser::setInitialDirectory);
        Optional<Path> chosen = Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
        // starts in the parent folder next time, which may hold more folders of the same kind
        chosen.map(Path::getParent).ifPresent(folder -> folders.put(purpose, folder));
        return chosen;
    }

    @Override
    public Optional<Path> openDataFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text("dialog.data.title"));
        chooser.getExtensionFilters()
                .setAll(
                        new ExtensionFilter(
                                text("dialog.data.tables"), "*.tsv", "*.csv", "*.jsonl", "*.json", "*.parquet"),
                        new ExtensionFilter(text("dialog.all.files"), "*.*"));
        start(Purpose.DATA, chooser::setInitialDirectory);
        return remember(Purpose.DATA, chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> openConfigurationFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text("dialog.config.title"));
        chooser.getExtensionFilters().setAll(new ExtensionFilter(text("dialog.config.files"), "*.yaml", "*.yml"));
        start(Purpose.CONFIGURATION, chooser::setInitialDirectory);
        return remember(Purpose.CONFIGURATION, chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> openSelectionFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text("dialog.selection.open.title"));
        chooser.getExtensionFilters().setAll(new ExtensionFilter(text("dialog.files.ending", "json"), "*.json"));
        start(Purpose.SELECTION, chooser::setInitialDirectory);
        return remember(Purpose.SELECTION, chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> openStudyFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text("dialog.study.title"));
        chooser.getExtensionFilters().setAll(new ExtensionFilter(text("dialog.study.files"), "*" + StudyFile.ENDING));
        start(Purpose.STUDY, chooser::setInitialDirectory);
        return remember(Purpose.STUDY, chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> openAnalysisFolder() {
        return readFolder(Purpose.ANALYSIS, "dialog.analysis.title");
    }

    @Override
    public Optional<Path> openTrajectoryFolder() {
        return readFolder(Purpose.ANALYSIS, "dialog.trajectory.title");
    }

    @Override
    public Optional<Path> openCheckpointsFolder() {
        return readFolder(Purpose.MODEL, "dialog.checkpoints.title");
    }

    @Override
    public Optional<Path> openAdapterFolder() {
        return readFolder(Purpose.ADAPTER, "dialog.adapter.title");
    }

    @Override
    public Optional<Path> openLibrariesFolder() {
        return readFolder(Purpose.LIBRARIES, "dialog.libraries.title");
    }

    @Override
    public Optional<Path> openKeyFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text("dialog.key.title"));
        Path ssh = Path.of(System.getProperty("user.home"), ".ssh");
        if (Files.isDirectory(ssh)) {
            chooser.setInitialDirectory(ssh.toFile());
        }
        return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> openSharedFolder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(text("dialog.shared.title"));
        return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> openRunsFolder() {
        return readFolder(Purpose.RUNS, "dialog.runs.title");
    }

    @Override
    public Optional<Path> openExperimentFolder() {
        return readFolder(Purpose.EXPERIMENT, "dialog.experiment.title");
    }

    @Override
    public Optional<Path> folder(Purpose purpose) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(text("dialog.folder.title"));
        start(purpose, chooser::setInitialDirectory);
        Optional<Path> chosen = Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
        chosen.ifPresent(folder -> folders.put(purpose, folder));
        return chosen;
    }

    @Override
    public Optional<Path> save(Purpose purpose, String suggestedName) {
        String ending = suggestedName.substring(suggestedName.lastIndexOf('.'));
        FileChooser chooser = new FileChooser();
        chooser.setTitle(text(
                switch (purpose) {
                    case CHART -> "dialog.chart.title";
                    case STUDY -> "dialog.study.save.title";
                    default -> "dialog.selection.title";
                }));
        chooser.setInitialFileName(suggestedName);
        chooser.getExtensionFilters()
                .setAll(new ExtensionFilter(text("dialog.files.ending", ending.substring(1)), "*" + ending));
        start(purpose, chooser::setInitialDirectory);
        return remember(purpose, chooser.showSaveDialog(owner));
    }

    private void start(Purpose purpose, Consumer<File> chooser) {
        folders.get(purpose)
                .filter(Files::isDirectory)
                .or(NativeFileDialogs::documents)
                .map(Path::toFile)
                .ifPresent(chooser);
    }

    /** Returns the user's document folder or home folder, as a better start than the program's working directory. */
    private static Optional<Path> documents() {
        Path home = Path.of(System.getProperty("user.home"));
        return Stream.of(home.resolve("Documents"), home)
                .filter(Files::isDirectory)
                .findFirst();
    }

    private Optional<Path> remember(Purpose purpose, @Nullable File file) {
        Optional<Path> chosen = Optional.ofNullable(file).map(File::toPath);
        chosen.map(Path::getParent).ifPresent(folder -> folders.put(purpose, folder));
        return chosen;
    }
}
