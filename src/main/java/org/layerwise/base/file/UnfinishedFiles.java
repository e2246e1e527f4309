package org.layerwise.base.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;

/**
 * Hidden files and folders beside their final paths, for content that is not complete yet. Their names show what they
 * are, so that a later start can delete what a killed process left.
 */
public final class UnfinishedFiles {

    /** Maximum length of a name in characters. File systems allow 255 bytes, and a character can take three. */
    private static final int LONGEST_NAME = 60;

    private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.part[0-9a-f-]{36}");

    private UnfinishedFiles() {}

    /**
     * Returns an unused hidden path in the folder of a file, on the same file system, for content that is not complete
     * yet. The path contains a random part that nobody can guess.
     */
    public static Path pathFor(Path target) {
        return target.resolveSibling(unfinishedName(name(target)) + UUID.randomUUID());
    }

    /** Returns an unused hidden path that the next start deletes if this process is killed. */
    static Path begin(Path folder, String name) {
        Path path = unused(folder, name);
        TemporaryFileJournal.ofProcess().add(path);
        return path;
    }

    /**
     * Returns an unused hidden path in a folder. Its name shows that the content is unfinished, in case a crash leaves
     * it behind.
     */
    static Path unused(Path folder, String name) {
        return folder.resolve(unfinishedName(name) + UUID.randomUUID());
    }

    /** Returns true if the name of a path is one that only unfinished files and folders of this program have. */
    static boolean isUnfinished(Path path) {
        return UNFINISHED.matcher(path.getFileName().toString()).matches();
    }

    /**
     * Opens a temporary file for a computation. The file is deleted when the channel is closed or the process is
     * killed.
     *
     * @param folder folder on a disk with enough space
     * @param name purpose of the file, as a part of its name
     * @throws UserException if the folder cannot be written
     */
    public static FileChannel openTemporary(Path folder, String name) {
        try {
            return FileChannel.open(
                    unused(folder, name),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    /**
     * Creates a folder and those above it, except an unfinished one that was deleted: a new one in its place would lack
     * the files that were written before.
     *
     * @throws UserException if an unfinished folder above was deleted
     */
    public static void createFolders(Path path) throws IOException {
        for (Path folder = path.toAbsolutePath(); folder.getFileName() != null; folder = Folders.parent(folder)) {
            if (isUnfinished(folder) && !Files.exists(folder)) {
                throw new UserException(
                        "The unfinished folder %s was deleted while it was being written, perhaps by another program; start again."
                                .formatted(folder));
            }
        }
        Files.createDirectories(path);
    }

    /**
     * Deletes the remains of interrupted writes into a folder. Call this method only if nobody else writes into the
     * folder.
     *
     * @throws UserException if they cannot be deleted
     */
    public static void deleteIn(Path folder) {
        deleteIn(folder, "");
    }

    /**
     * Deletes the remains of interrupted writes of one file or folder from its parent folder. Call this method only if
     * nobody else writes the file or folder.
     *
     * @throws UserException if they cannot be deleted
     */
    public static void deleteOf(Path target) {
        deleteIn(Folders.parent(target), unfinishedName(name(target)));
    }

    private static void deleteIn(Path folder, String beginning) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> found = Files.list(folder)) {
            for (Path path : found.filter(UnfinishedFiles::isUnfinished)
                    .filter(path -> path.getFileName().toString().startsWith(beginning))
                    .toList()) {
                Folders.delete(path);
            }
        } catch (IOException e) {
            throw new UserException("Cannot delete from %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    static String name(Path path) {
        Path name = path.getFileName();
        String text = name == null ? "" : name.toString();
        return text.length() > LONGEST_NAME ? "result" : text;
    }

    private static String unfinishedName(String name) {
        return ".%s.part".formatted(name);
    }
}
