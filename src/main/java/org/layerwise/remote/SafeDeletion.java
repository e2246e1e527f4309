package org.layerwise.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.base.UserException;

/**
 * Deletes folders into which others write. Links are deleted, never followed. Where the system has folders that are opened once and
 * then deleted from, as Linux has for its own files, a folder that becomes a link meanwhile does no harm either.
 */
final class SafeDeletion {

    /** More than any job nests its folders. */
    private static final int DEEPEST = 100;

    private SafeDeletion() {}

    /**
     * Deletes a folder and all that it holds.
     *
     * @param root the folder that is trusted
     * @param folder in it, no link
     * @param last name of the file in the folder that is deleted last, so that an interrupted deletion can be taken up again
     */
    static void delete(Path root, Path folder, String last) throws IOException {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
            if (opened instanceof SecureDirectoryStream<Path> secure) {
                descend(secure, root.relativize(folder), 0, last);
            } else {
                walk(folder, last);
            }
        }
    }

    private static void descend(SecureDirectoryStream<Path> at, Path way, int depth, String last) throws IOException {
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

    private static void empty(SecureDirectoryStream<Path> at, Path folder, int depth, String last) throws IOException {
        if (depth > DEEPEST) {
            throw new UserException(
                    "%s nests more than %s folders, as no job does; delete it by hand.".formatted(folder, DEEPEST));
        }
        try (SecureDirectoryStream<Path> inside = at.newDirectoryStream(folder, LinkOption.NOFOLLOW_LINKS)) {
            boolean late = false;
            for (Path entry : inside) {
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
    private static void walk(Path folder, String last) throws IOException {
        Path late = folder.resolve(last);
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder, DEEPEST)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            if (!path.normalize().equals(path) || !path.startsWith(folder)) {
                throw new UserException(
                        "%s lists a name that leads outside of it; delete it by hand.".formatted(folder));
            }
            if (!path.equals(folder) && !path.equals(late)) {
                Files.deleteIfExists(path);
            }
        }
        Files.deleteIfExists(late);
        Files.deleteIfExists(folder);
    }
}
