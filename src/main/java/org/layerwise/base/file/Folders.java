package org.layerwise.base.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.layerwise.base.UserException;

/** Folders of a user: their deletion and that of files, free names in them, and parents. */
public final class Folders {

    private Folders() {}

    /** Deletes a folder and its contents; of a link, only the link. Does nothing if the path does not exist. */
    public static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Deletes a file if it exists.
     *
     * @throws UserException if it cannot be deleted
     */
    public static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /**
     * Deletes a folder if it is empty.
     *
     * @throws UserException if it is empty but cannot be deleted
     */
    public static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // the folder is not empty, so it is kept
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns a path in a folder that does not exist yet, so that nothing is overwritten: the given name, otherwise
     * with the first free number from 2 on.
     */
    public static Path numbered(Path folder, String name) {
        Path path = folder.resolve(name);
        for (int number = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); number++) {
            path = folder.resolve(name + "-" + number);
        }
        return path;
    }

    /** Returns the parent folder of a path; for the root, the root. */
    public static Path parent(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }
}
