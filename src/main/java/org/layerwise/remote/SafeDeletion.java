package org.layerwise.remote;

import java.io.IOException;
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
 * Deletes folders into which others write. Links are deleted, never followed. Where the system has folders that are opened once and
 * then deleted from, as Linux has for its own files, a folder that becomes a link meanwhile does no harm either.
 */
final class SafeDeletion {

    /** More than any job nests its folders. */
    private static final int DEEPEST = 100;

    /** More than any job writes files. */
    static final int MOST_NAMES = 100_000;

    private int counted;

    private SafeDeletion() {}

    /**
     * Deletes a folder and all that it holds.
     *
     * @param root the folder that is trusted
     * @param folder in it, no link
     * @param last name of the file in the folder that is deleted last, so that an interrupted deletion can be taken up again
     * @throws UserException if it holds or nests more than any job does, or names lead out of it; its last file is still there then
     */
    static void delete(Path root, Path folder, String last) throws IOException {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
            if (opened instanceof SecureDirectoryStream<Path> secure) {
                new SafeDeletion().descend(secure, root.relativize(folder), 0, last);
            } else {
                new SafeDeletion().walk(folder, 0, last);
            }
        }
    }

    private void descend(SecureDirectoryStream<Path> at, Path way, int depth, String last) throws IOException {
        Path name = way.getName(depth);
        if (depth + 1 == way.getNameCount()) {
            empty(at, name, 0, last);
            at.deleteDirectory(name);
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
                } else {
                    inside.deleteFile(name);
                }
            }
            if (late) {
                inside.deleteFile(folder.getFileSystem().getPath(last));
            }
        }
    }

    /** Over SFTP, where the other side can do to its own files what it likes; it is not to be led elsewhere by names that it gives. */
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
                Files.deleteIfExists(path);
            }
        }
        Files.deleteIfExists(late);
        Files.deleteIfExists(folder);
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
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
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
