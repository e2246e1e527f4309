package org.layerwise.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerwise.base.UserException;

/**
 * Deletes folders into which other programs write. Links are deleted, never followed. If the system can delete files
 * relative to an open folder, as Linux can for local files, a folder that is replaced by a link during the deletion
 * does no harm either.
 */
final class SafeDeletion {

    /** Maximum depth of folders; no job nests its folders more deeply. */
    private static final int DEEPEST = 100;

    /** Maximum number of files; no job writes more. */
    static final int MOST_NAMES = 100_000;

    private final Runnable begun;
    private int counted;
    private boolean any;

    private SafeDeletion(Runnable begun) {
        this.begun = begun;
    }

    /**
     * Deletes a folder with its content.
     *
     * @param root the folder that is trusted
     * @param folder the folder to delete, in {@code root} and not a link
     * @param last name of the file in the folder that is deleted last, so that an interrupted deletion can be repeated
     * @param begun called once, after the first file or folder was deleted
     * @throws UserException if the folder contains or nests more than any job does, or lists names outside itself; its
     *     last file is not deleted then
     */
    static void delete(Path root, Path folder, String last, Runnable begun) throws IOException {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
            if (opened instanceof SecureDirectoryStream<Path> secure) {
                new SafeDeletion(begun).descend(secure, root.relativize(folder), 0, last);
            } else {
                new SafeDeletion(begun).walk(folder, 0, last);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP throws this instead
        }
    }

    private void deleted() {
        if (!any) {
            any = true;
            begun.run();
        }
    }

    private void descend(SecureDirectoryStream<Path> at, Path way, int depth, String last) throws IOException {
        Path name = way.getName(depth);
        if (depth + 1 == way.getNameCount()) {
            empty(at, name, 0, last);
            at.deleteDirectory(name);
            deleted();
            return;
        }
        try (SecureDirectoryStream<Path> next = at.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            descend(next, way, depth + 1, last);
        }
    }

    private void empty(SecureDirectoryStream<Path> at, Path folder, int depth, String last) throws IOException {
        requireDepth(folder, depth);
        try (SecureDirectoryStream<Path> inside = at.newDirectoryStream(folder, LinkOption.NOFOLLOW_LINKS)) {
            boolean late = false;
            for (Path entry : inside) {
                count(folder);
                Path name = entry.getFileName();
                if (depth == 0 && name.toString().equals(last)) {
                    late = true;
                } else if (inside.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                        .isDirectory()) {
                    empty(inside, name, depth + 1, last);
                    inside.deleteDirectory(name);
                    deleted();
                } else {
                    inside.deleteFile(name);
                    deleted();
                }
            }
            if (late) {
                inside.deleteFile(folder.getFileSystem().getPath(last));
                deleted();
            }
        }
    }

    /**
     * Deletes a folder over SFTP. The server can do anything to its own files, but its names must not lead the deletion
     * to other folders.
     */
    private void walk(Path folder, int depth, String last) throws IOException {
        requireDepth(folder, depth);
        Path late = folder.resolve(last);
        for (Path path : names(folder)) {
            if (depth == 0 && path.equals(late)) {
                continue;
            }
            if (Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory()) {
                walk(path, depth + 1, last);
            } else {
                remove(path);
            }
        }
        remove(late);
        remove(folder);
    }

    private void remove(Path path) throws IOException {
        if (Files.deleteIfExists(path)) {
            deleted();
        }
    }

    private List<Path> names(Path folder) throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path path : found) {
                count(folder);
                if (!path.normalize().equals(path) || !folder.equals(path.getParent())) {
                    throw new UserException(
                            "%s lists a name that leads outside of it; delete it by hand.".formatted(folder));
                }
                names.add(path);
            }
        }
        return names;
    }

    private void count(Path folder) {
        if (++counted > MOST_NAMES) {
            throw new UserException("%s holds more than %s files, as no job does; delete it by hand."
                    .formatted(folder, String.format(Locale.ROOT, "%,d", MOST_NAMES)));
        }
    }

    private static void requireDepth(Path folder, int depth) {
        if (depth > DEEPEST) {
            throw new UserException(
                    "%s nests more than %s folders, as no job does; delete it by hand.".formatted(folder, DEEPEST));
        }
    }
}
