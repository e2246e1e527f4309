package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.FileTurn;
import org.layerwise.base.FolderNames;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * Replaces the analysis in a folder by another one in a single step. The folder may hold other files and may be a mount
 * point, so it is not renamed itself. All files are written into a subfolder, which is then renamed to {@value #READY}.
 * This rename is the commit: before it, the earlier analysis is complete; after it, the new one is. If the writer is
 * killed after the rename, the next reader or writer moves the files to their final locations.
 */
final class AnalysisWrite {

    private static final String READY = ".analysis.ready";

    /**
     * Name of the file in the subfolder that lists those files of the earlier analysis that the new analysis does not
     * have.
     */
    private static final String REPLACED = "replaced.txt";

    private static final String LOCK = ".analysis.lock";

    private final Path folder;
    private final Path ready;
    private final Path lock;

    AnalysisWrite(Path folder) {
        this.folder = folder;
        this.ready = folder.resolve(READY);
        this.lock = folder.resolve(LOCK);
    }

    /**
     * Writes the new analysis.
     *
     * @param files writes all files of the analysis into a folder
     * @throws UserException if a file cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled while this program or another one is writing
     */
    void replace(WholeFiles.Writer files, Progress progress) {
        WholeFiles.requireWritableFolder(folder);
        try (@Nullable FileTurn turn = FileTurn.atFolder(lock, progress)) {
            if (interrupted()) {
                moveAll();
            }
            if (turn != null) {
                WholeFiles.deleteUnfinishedOf(ready);
            }
            WholeFiles.writeFolderToDisk(ready, beside -> {
                files.write(beside);
                progress.check(); // a process that is shutting down draws figures without fonts
                List<String> names = names(beside);
                requireNoFolderInTheWay(names);
                requireNothingOfOthers(names);
                Files.write(beside.resolve(REPLACED), replaced(beside));
            });
            moveAll();
        } catch (IOException e) {
            throw new UserException("Cannot write the analysis in %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }

    /**
     * Returns true if a writer was killed after it had written all files. A symbolic link does not count, since this
     * program never writes one.
     */
    boolean interrupted() {
        return Files.isDirectory(ready, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Moves the files to their final locations if a writer was killed before it did so.
     *
     * @throws UserException if the folder cannot be written
     */
    void finish() {
        if (!interrupted()) {
            return;
        }
        try (@Nullable FileTurn turn = FileTurn.atFolder(lock, Progress.none())) {
            if (interrupted()) {
                moveAll();
            }
        } catch (IOException e) {
            throw new UserException(
                    "The analysis in %s was cut off while it was saved, and cannot be put in order: %s; make the folder writable."
                            .formatted(folder, WholeFiles.reason(e)),
                    e);
        }
    }

    /**
     * Checks that no file is replaced that does not belong to the earlier analysis. Call this before a long
     * computation.
     *
     * @param measures measures of the analysis to write
     * @throws UserException if such a file would be replaced, or the folder cannot be read
     */
    void requireNothingOfOthers(List<Measure> measures) {
        if (!Files.isDirectory(folder) || interrupted()) {
            return;
        }
        try {
            FolderNames there = FolderNames.of(folder);
            requireIts(there.all().stream().filter(name -> AnalysisNames.of(measures, there.plain(name))));
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }

    private void requireNothingOfOthers(Collection<String> written) throws IOException {
        FolderNames there = FolderNames.of(folder);
        requireIts(written.stream().map(there::inTheWayOf).flatMap(Optional::stream));
    }

    /** Refuses to replace files that do not belong to the earlier analysis, since they are a user's own work. */
    private void requireIts(Stream<String> replaced) {
        replaced.filter(its().negate()).findFirst().ifPresent(name -> {
            throw new UserException(
                    "%s is no file of an earlier analysis, and would be replaced; rename it, or name another folder for the analysis."
                            .formatted(folder.resolve(name)));
        });
    }

    private void requireNoFolderInTheWay(List<String> names) {
        for (String name : names) {
            Path place = folder.resolve(name);
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new UserException(
                        "Cannot write %s: it is a folder; rename it, or name another folder for the analysis."
                                .formatted(place));
            }
        }
    }

    /** Returns the files of the earlier analysis that the new analysis does not have. */
    private List<String> replaced(Path beside) throws IOException {
        Predicate<String> its = its();
        return names(folder).stream()
                .filter(its)
                .filter(name -> !Files.exists(beside.resolve(name)))
                .toList();
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
            Analysis earlier = new AnalysisReader(file).read();
            return name -> AnalysisNames.of(earlier, name);
        } catch (UserException e) { // broken file: the files of this analysis are unknown
            return AnalysisReader.mayBeOne(file) ? AnalysisNames::any : name -> false;
        }
    }

    /**
     * Moves all files from the subfolder to their final locations. {@code analysis.json}, without which the other files
     * are no analysis, is deleted first and moved last. This method can be repeated after an interruption at any point.
     */
    private void moveAll() throws IOException {
        List<String> names = names(ready);
        if (names.contains(AnalysisFolder.FILE)) {
            Files.deleteIfExists(folder.resolve(AnalysisFolder.FILE));
        }
        Path replaced = ready.resolve(REPLACED);
        if (names.contains(REPLACED)) {
            for (String name : Files.readAllLines(replaced)) {
                if (AnalysisNames.any(name)) {
                    Files.deleteIfExists(folder.resolve(name));
                }
            }
            Files.delete(replaced);
        }
        for (String name : names) {
            if (AnalysisNames.any(name) && !name.equals(AnalysisFolder.FILE)) {
                move(name);
            }
        }
        if (names.contains(AnalysisFolder.FILE)) {
            move(AnalysisFolder.FILE);
        }
        WholeFiles.deleteFolder(ready);
    }

    private void move(String name) throws IOException {
        try {
            Files.move(ready.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            if (!Files.exists(folder.resolve(name))) {
                throw e; // not a concurrent move by another reader, on a file system without locks
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        return FolderNames.of(folder).all();
    }
}
