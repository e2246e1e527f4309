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
 * Replaces the analysis in a folder by another one, as one step. The folder may hold other files and be a mount point, so it
 * is not renamed itself: all files are written into a folder in it, which then gets the name {@value #READY}. That rename
 * decides. Before it the earlier analysis is whole; after it the new one is, and whoever comes next moves its files to their
 * places, should the writer have been killed.
 */
final class AnalysisWrite {

    private static final String READY = ".analysis.ready";

    /** In that folder: names of the earlier analysis's files that the new one has not. */
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
     * @param files writes all its files into a folder
     * @throws UserException if a file cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled while another program is writing, or this one
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
                progress.check(); // a process that is being ended draws without its fonts
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

    /** Returns true if a writer was killed after it had written everything. A link was never written by this program. */
    boolean interrupted() {
        return Files.isDirectory(ready, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Moves the files to their places if a writer was killed before it did.
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
     * Makes sure, before long work starts, that no file of others would be replaced.
     *
     * @param measures of the analysis that will be written
     * @throws UserException if one would be, or the folder cannot be read
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

    /** Files of the earlier analysis are replaced; others of the same names are somebody's work. */
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

    /** The files of the earlier analysis that the new one has not. */
    private List<String> replaced(Path beside) throws IOException {
        Predicate<String> its = its();
        return names(folder).stream()
                .filter(its)
                .filter(name -> !Files.exists(beside.resolve(name)))
                .toList();
    }

    /** Recognises the files of the earlier analysis by name; none where there is no earlier one. */
    private Predicate<String> its() {
        Path file = folder.resolve(AnalysisFolder.FILE);
        if (!Files.isRegularFile(file)) {
            return name -> false;
        }
        try {
            Analysis earlier = new AnalysisReader(file).read();
            return name -> AnalysisNames.of(earlier, name);
        } catch (UserException e) { // broken: nobody knows which files it had
            return AnalysisReader.mayBeOne(file) ? AnalysisNames::any : name -> false;
        }
    }

    /**
     * The first file that goes is the one without which the others are no analysis, and it comes last. May be done again
     * wherever it was cut off.
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
                throw e; // it was not another reader, on a file system without locks, who moved it
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        return FolderNames.of(folder).all();
    }
}
