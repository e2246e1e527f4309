package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * Replaces the files of a kind in a folder by others in a single step. The folder may hold other files and may be a
 * mount point, so it is not renamed itself. All files are written into a subfolder, which is then renamed. This rename
 * is the commit: before it, the earlier files are complete; after it, the new ones are. If the writer is killed after
 * the rename, the next reader or writer moves the files to their final locations.
 */
public final class FilesReplacement {

    /**
     * Name of the file in the subfolder that lists those earlier files that are not among the new ones.
     */
    private static final String REPLACED = "replaced.txt";

    private final Path folder;
    private final Kind kind;
    private final Path ready;
    private final Path lock;

    /**
     * Files that belong together.
     *
     * @param noun name of the whole in error messages, such as {@code analysis}
     * @param main name of the file without which the other files do not count; it is deleted first and moved last
     * @param ready name of the subfolder
     * @param lock name of the lock file
     * @param has accepts the names of all files of this kind, among them {@code main}
     */
    public record Kind(String noun, String main, String ready, String lock, Predicate<String> has) {}

    /** Finder of the files that are replaced. */
    @FunctionalInterface
    public interface Earlier {

        /**
         * Returns the names of the earlier files.
         *
         * @param written names of the new files
         * @throws UserException if a new file would replace a file of other origin
         */
        Collection<String> names(List<String> written) throws IOException;
    }

    /**
     * Creates a replacement.
     *
     * @param folder folder of the files, which need not exist
     */
    public FilesReplacement(Path folder, Kind kind) {
        this.folder = folder;
        this.kind = kind;
        this.ready = folder.resolve(kind.ready);
        this.lock = folder.resolve(kind.lock);
    }

    /**
     * Writes the new files, and deletes earlier files that are not among them.
     *
     * @param files writes all new files into a folder
     * @param earlier finds the earlier files after the new ones are written
     * @throws UserException if a file cannot be written
     * @throws CancelledException if cancelled while this program or another one is writing
     */
    public void replace(AtomicFiles.Writer files, Earlier earlier, Progress progress) {
        WritablePaths.requireFolder(folder);
        requireNoLinkAsLock();
        try (@Nullable FileLock turn = FileLock.atFolder(lock, progress)) {
            if (interrupted()) {
                moveAll();
            }
            if (turn != null) {
                UnfinishedFiles.deleteOf(ready);
            }
            AtomicFiles.writeFolderToDisk(ready, beside -> {
                files.write(beside);
                progress.check(); // a process that is shutting down draws figures without fonts
                List<String> names = names(beside);
                requireNoFolderInTheWay(names);
                List<String> replaced = earlier.names(names).stream()
                        .filter(name -> !names.contains(name))
                        .toList();
                Files.write(beside.resolve(REPLACED), replaced);
            });
            moveAll();
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write the %s in %s: %s.".formatted(kind.noun, folder, FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns true if a writer was killed after it had written all files. A symbolic link does not count, since this
     * program never writes one.
     */
    public boolean interrupted() {
        return Files.isDirectory(ready, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Moves the files to their final locations if a writer was killed before it did so.
     *
     * @throws UserException if the folder cannot be written
     */
    public void finish() {
        if (!interrupted()) {
            return;
        }
        requireNoLinkAsLock();
        try (@Nullable FileLock turn = FileLock.atFolder(lock, Progress.none())) {
            if (interrupted()) {
                moveAll();
            }
        } catch (IOException e) {
            throw new UserException(
                    "The %s in %s was cut off while it was saved, and cannot be put in order: %s; make the folder writable."
                            .formatted(kind.noun, folder, FileErrors.reason(e)),
                    e);
        }
    }

    /**
     * Requires that the lock file is no symbolic link. Call this before long work starts.
     *
     * @throws UserException if it is one
     */
    public void requireNoLinkAsLock() {
        SymbolicLinks.requireNone(folder, List.of(kind.lock));
    }

    private void requireNoFolderInTheWay(List<String> names) {
        for (String name : names) {
            Path place = folder.resolve(name);
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new UserException("Cannot write %s: it is a folder; rename it, or name another folder for the %s."
                        .formatted(place, kind.noun));
            }
        }
    }

    /**
     * Moves all files from the subfolder to their final locations. This method can be repeated after an interruption at
     * any point.
     */
    private void moveAll() throws IOException {
        List<String> names = names(ready);
        if (names.contains(kind.main)) {
            Files.deleteIfExists(folder.resolve(kind.main));
        }
        Path replaced = ready.resolve(REPLACED);
        if (names.contains(REPLACED)) {
            for (String name : Files.readAllLines(replaced)) {
                if (kind.has.test(name)) {
                    Files.deleteIfExists(folder.resolve(name));
                }
            }
            Files.delete(replaced);
        }
        for (String name : names) {
            if (kind.has.test(name) && !name.equals(kind.main)) {
                move(name);
            }
        }
        if (names.contains(kind.main)) {
            move(kind.main);
        }
        Folders.delete(ready);
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
