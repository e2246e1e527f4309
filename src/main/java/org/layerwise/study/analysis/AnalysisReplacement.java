package org.layerwise.study.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FilesReplacement;
import org.layerwise.base.file.FolderNames;

/** Replaces the analysis in a folder by another one in a single step. The folder may hold other files. */
final class AnalysisReplacement {

    private static final FilesReplacement.Kind KIND = new FilesReplacement.Kind(
            "analysis", AnalysisFolder.FILE, ".analysis.ready", ".analysis.lock", AnalysisNames::any);

    private final Path folder;
    private final FilesReplacement files;

    AnalysisReplacement(Path folder) {
        this.folder = folder;
        this.files = new FilesReplacement(folder, KIND);
    }

    /**
     * Writes the new analysis.
     *
     * @param writer writes all files of the analysis into a folder
     * @throws UserException if a file cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled while this program or another one is writing
     */
    void replace(AtomicFiles.Writer writer, Progress progress) {
        files.replace(writer, this::earlier, progress);
    }

    /** Returns true if a writer was killed after it had written all files. */
    boolean interrupted() {
        return files.interrupted();
    }

    /**
     * Moves the files to their final locations if a writer was killed before it did so.
     *
     * @throws UserException if the folder cannot be written
     */
    void finish() {
        files.finish();
    }

    /**
     * Checks that no file is replaced that does not belong to the earlier analysis. Call this before a long
     * computation.
     *
     * @param measures measures of the analysis to write
     * @throws UserException if such a file would be replaced, the folder cannot be read, or the lock file is a link
     */
    void requireNothingOfOthers(List<Measure> measures) {
        files.requireNoLinkAsLock();
        if (!Files.isDirectory(folder) || interrupted()) {
            return;
        }
        try {
            FolderNames there = FolderNames.of(folder);
            requireIts(there.all().stream().filter(name -> AnalysisNames.of(measures, there.plain(name))));
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private Collection<String> earlier(List<String> written) throws IOException {
        FolderNames there = FolderNames.of(folder);
        requireIts(written.stream().map(there::conflictWith).flatMap(Optional::stream));
        return there.all().stream().filter(its()).toList();
    }

    /** Refuses to replace files that do not belong to the earlier analysis, since they are a user's own work. */
    private void requireIts(Stream<String> replaced) {
        replaced.filter(its().negate()).findFirst().ifPresent(name -> {
            throw new UserException(
                    "%s is no file of an earlier analysis, and would be replaced; rename it, or name another folder for the analysis."
                            .formatted(folder.resolve(name)));
        });
    }

    /**
     * Returns a test of names that accepts the files of the earlier analysis; accepts none if there is no earlier
     * analysis.
     */
    private Predicate<String> its() {
        Path file = folder.resolve(AnalysisFolder.FILE);
        if (!Files.isRegularFile(file)) {
            return name -> false;
        }
        try {
            Analysis earlier = AnalysisJson.read(file);
            return name -> AnalysisNames.of(earlier, name);
        } catch (UserException e) { // broken file: the files of this analysis are unknown
            return AnalysisJson.mayBeOne(file) ? AnalysisNames::any : name -> false;
        }
    }
}
