package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.UserException;

/** Checks of the paths that a user named, before long work starts. */
public final class WritablePaths {

    private WritablePaths() {}

    /**
     * Requires that results can be written into a folder, before long work starts. Creates the folder if necessary.
     *
     * @throws UserException if the path is a file, or the folder cannot be created or written
     */
    public static void requireFolder(Path folder) {
        try {
            // createDirectories of Java 17 fails if the path is a link to a folder
            if (!Files.isDirectory(folder)) {
                UnfinishedFiles.createFolders(followed(folder, "folder"));
            }
            Files.delete(Files.createFile(UnfinishedFiles.unused(folder, "probe")));
        } catch (FileAlreadyExistsException e) {
            throw new UserException(
                    "Cannot write into %s: %s is a file, not a folder; choose another output folder."
                            .formatted(folder, e.getFile()),
                    e);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write into %s: %s; choose another output folder.".formatted(folder, FileErrors.reason(e)),
                    e);
        }
    }

    /**
     * Requires that results can be written into a folder, as {@link #requireFolder} does, but leaves no folder
     * behind. Missing folders are created for a moment under a random name in the nearest existing folder, so that
     * other programs that start at the same time are not disturbed.
     *
     * @throws UserException if the path is a file, or the folder cannot be created or written
     */
    public static void checkFolder(Path folder) {
        Path whole = followed(folder, "folder").toAbsolutePath().normalize();
        Path there = whole;
        while (!Files.exists(there)) {
            there = Folders.parent(there);
        }
        if (!Files.isDirectory(there)) {
            throw new UserException("Cannot write into %s: %s is a file, not a folder; choose another output folder."
                    .formatted(folder, there));
        }
        if (there.equals(whole)) {
            requireFolder(folder);
            return;
        }
        Path probe = UnfinishedFiles.unused(there, "probe");
        try {
            Files.createDirectory(probe);
            Files.createDirectories(probe.resolve(there.relativize(whole)));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write into %s: %s; choose another output folder.".formatted(folder, FileErrors.reason(e)),
                    e);
        } finally {
            Folders.delete(probe);
        }
    }

    /**
     * Requires that a file can be written, before long work starts; creates its folder if necessary.
     *
     * @return path of the file itself, if the given path is a link to a file
     * @throws UserException if the path is a folder, a broken link, or no regular file, or its folder cannot be written
     */
    public static Path requireFile(Path target) {
        Path file = followed(target, "file");
        if (Files.isDirectory(file)) {
            throw new UserException("Cannot write %s: it is a folder; name a file.".formatted(target));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UserException("Cannot write %s: it is a pipe or a device; name a file.".formatted(target));
        }
        requireFolder(Folders.parent(file));
        return file;
    }

    /**
     * Requires that a path is a file that can be read.
     *
     * @throws UserException if there is no such file, or it is a folder
     */
    public static void requireReadableFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserException("%s is a folder; name a file.".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new UserException("There is no file %s.".formatted(file));
        }
    }

    /** Returns the target of a link, otherwise the path itself. */
    static Path followed(Path path, String what) {
        if (!Files.isSymbolicLink(path)) {
            return path;
        }
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write %s: it is a link that leads nowhere; remove it or name another %s."
                            .formatted(path, what),
                    e);
        }
    }
}
