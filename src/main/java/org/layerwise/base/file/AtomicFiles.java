package org.layerwise.base.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Writes files and folders atomically: under a temporary name in the same folder, then renamed when they are complete.
 * A failure or a crash leaves an existing file unchanged.
 */
public final class AtomicFiles {

    /** Maximum length of a name in characters. File systems allow 255 bytes, and a character can take three. */
    private static final int LONGEST_NAME = 60;

    private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.part[0-9a-f-]{36}");

    private AtomicFiles() {}

    /** Writes one file or folder to a given path. */
    @FunctionalInterface
    public interface Writer {
        void write(Path beside) throws IOException;
    }

    /**
     * Writes a file atomically; creates its folder if necessary. If the path is a link, the link is kept and its target
     * is replaced. The file's permissions follow the user's umask.
     *
     * @throws UserException if the path cannot be written
     */
    public static void write(Path target, Writer writer) {
        Path file = requireWritableFile(target);
        Path beside = null;
        try {
            beside = begun(parent(file), name(file));
            Files.createFile(beside);
            writer.write(beside);
            move(beside, file);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(target, reason(e)), e);
        } finally {
            deleteQuietly(beside);
        }
    }

    /**
     * Writes a text as UTF-8.
     *
     * @throws UserException if the path cannot be written
     */
    public static void writeString(Path target, String text) {
        write(target, beside -> Files.write(beside, text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Creates a folder that appears only when {@code writer} has filled it. An existing folder is replaced. An existing
     * link is replaced as well, and its target folder stays unchanged, since it may belong to somebody else.
     *
     * @throws UserException if the path cannot be written
     */
    public static void writeFolder(Path target, Writer writer) {
        writeFolder(target, target, writer, AtomicFiles::replaceFolder);
    }

    /**
     * Creates a folder that appears only when {@code writer} has filled it, at a path where there is no folder or an
     * empty one. Files that others put there while {@code writer} worked are kept.
     *
     * @throws UserException if the path cannot be written, or the folder is no longer empty at the end
     */
    public static void writeNewFolder(Path target, Writer writer) {
        writeFolder(target, followed(target, "folder"), writer, (folder, finished) -> {
            try {
                if (Files.isDirectory(folder)) {
                    Files.delete(folder); // fails if there is something in it
                }
                Files.move(finished, folder);
            } catch (DirectoryNotEmptyException e) {
                throw new UserException("The folder %s is not empty any longer; name a new one.".formatted(target), e);
            }
        });
    }

    /** Moves a finished folder to its final path. */
    @FunctionalInterface
    private interface Naming {
        void name(Path folder, Path finished) throws IOException;
    }

    private static void writeFolder(Path target, Path folder, Writer writer, Naming naming) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UserException("Cannot write the folder %s: it is a file; name another folder.".formatted(target));
        }
        requireWritableFolder(parent(folder));
        Path beside = null;
        try {
            beside = begun(parent(folder), name(folder));
            Files.createDirectory(beside);
            writer.write(beside);
            naming.name(folder, beside);
        } catch (IOException e) {
            throw new UserException("Cannot write the folder %s: %s.".formatted(target, reason(e)), e);
        } finally {
            if (beside != null) {
                deleteFolder(beside);
                TemporaryFileJournal.ofProcess().remove(beside);
            }
        }
    }

    /**
     * Replaces an earlier folder by a finished one. The earlier folder is renamed first and deleted last, so that a
     * process that is killed meanwhile leaves at least one of the two complete.
     */
    private static void replaceFolder(Path folder, Path finished) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            move(finished, folder);
            return;
        }
        Path earlier = folder.resolveSibling(".%s.earlier%s".formatted(name(folder), UUID.randomUUID()));
        move(folder, earlier);
        try {
            move(finished, folder);
        } catch (IOException e) {
            move(earlier, folder);
            throw e;
        }
        // under this name it counts as unfinished, so that the next start deletes its remains
        Path doomed = begun(parent(folder), name(folder));
        move(earlier, doomed);
        deleteFolder(doomed);
        TemporaryFileJournal.ofProcess().remove(doomed);
    }

    /**
     * Creates a folder as {@link #writeFolder} does, and flushes its files to disk before the folder gets its name, so
     * that it survives a crash of the machine, too.
     *
     * @throws UserException if the path cannot be written
     */
    public static void writeFolderToDisk(Path target, Writer writer) {
        writeFolder(target, beside -> {
            writer.write(beside);
            try (Stream<Path> written = Files.list(beside)) {
                for (Path file : written.toList()) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
            }
            syncFolder(beside);
        });
        syncFolder(parent(target));
    }

    // not every system can open a folder; those that cannot keep the order themselves
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Deletes the remains of interrupted writes into a folder. Call this method only if nobody else writes into the
     * folder.
     *
     * @throws UserException if they cannot be deleted
     */
    public static void deleteUnfinished(Path folder) {
        deleteUnfinished(folder, "");
    }

    /**
     * Deletes the remains of interrupted writes of one file or folder from its parent folder. Call this method only if
     * nobody else writes the file or folder.
     *
     * @throws UserException if they cannot be deleted
     */
    public static void deleteUnfinishedOf(Path target) {
        deleteUnfinished(parent(target), unfinishedName(name(target)));
    }

    private static void deleteUnfinished(Path folder, String beginning) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> found = Files.list(folder)) {
            for (Path path : found.filter(AtomicFiles::unfinished)
                    .filter(path -> path.getFileName().toString().startsWith(beginning))
                    .toList()) {
                deleteFolder(path);
            }
        } catch (IOException e) {
            throw new UserException("Cannot delete from %s: %s.".formatted(folder, reason(e)), e);
        }
    }

    /**
     * Creates a folder and those above it, except an unfinished one that was deleted: a new one in its place would lack
     * the files that were written before.
     *
     * @throws UserException if an unfinished folder above was deleted
     */
    public static void createFolders(Path path) throws IOException {
        for (Path folder = path.toAbsolutePath(); folder.getFileName() != null; folder = folder.getParent()) {
            if (unfinished(folder) && !Files.exists(folder)) {
                throw new UserException(
                        "The unfinished folder %s was deleted while it was being written, perhaps by another program; start again."
                                .formatted(folder));
            }
        }
        Files.createDirectories(path);
    }

    /** Returns true if the name of a path is one that only unfinished files and folders of this program have. */
    static boolean unfinished(Path path) {
        return UNFINISHED.matcher(path.getFileName().toString()).matches();
    }

    /**
     * Requires that results can be written into a folder, before long work starts. Creates the folder if necessary.
     *
     * @throws UserException if the path is a file, or the folder cannot be created or written
     */
    public static void requireWritableFolder(Path folder) {
        try {
            // createDirectories of Java 17 fails if the path is a link to a folder
            if (!Files.isDirectory(folder)) {
                createFolders(followed(folder, "folder"));
            }
            Files.delete(Files.createFile(unused(folder, "probe")));
        } catch (FileAlreadyExistsException e) {
            throw new UserException(
                    "Cannot write into %s: %s is a file, not a folder; choose another output folder."
                            .formatted(folder, e.getFile()),
                    e);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write into %s: %s; choose another output folder.".formatted(folder, reason(e)), e);
        }
    }

    /**
     * Requires that results can be written into a folder, as {@link #requireWritableFolder} does, but leaves no folder
     * behind. Missing folders are created for a moment under a random name in the nearest existing folder, so that
     * other programs that start at the same time are not disturbed.
     *
     * @throws UserException if the path is a file, or the folder cannot be created or written
     */
    public static void checkWritableFolder(Path folder) {
        Path whole = followed(folder, "folder").toAbsolutePath().normalize();
        Path there = whole;
        while (!Files.exists(there)) {
            there = parent(there);
        }
        if (!Files.isDirectory(there)) {
            throw new UserException("Cannot write into %s: %s is a file, not a folder; choose another output folder."
                    .formatted(folder, there));
        }
        if (there.equals(whole)) {
            requireWritableFolder(folder);
            return;
        }
        Path probe = unused(there, "probe");
        try {
            Files.createDirectory(probe);
            Files.createDirectories(probe.resolve(there.relativize(whole)));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write into %s: %s; choose another output folder.".formatted(folder, reason(e)), e);
        } finally {
            deleteFolder(probe);
        }
    }

    /**
     * Requires that a file can be written, before long work starts; creates its folder if necessary.
     *
     * @return path of the file itself, if the given path is a link to a file
     * @throws UserException if the path is a folder, a broken link, or no regular file, or its folder cannot be written
     */
    public static Path requireWritableFile(Path target) {
        Path file = followed(target, "file");
        if (Files.isDirectory(file)) {
            throw new UserException("Cannot write %s: it is a folder; name a file.".formatted(target));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UserException("Cannot write %s: it is a pipe or a device; name a file.".formatted(target));
        }
        requireWritableFolder(parent(file));
        return file;
    }

    /**
     * Requires that a path is a file that can be read.
     *
     * @throws UserException if there is no such file, or it is a folder
     */
    public static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserException("%s is a folder; name a file.".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new UserException("There is no file %s.".formatted(file));
        }
    }

    /** Deletes a folder and its contents; of a link, only the link. Does nothing if the path does not exist. */
    public static void deleteFolder(Path folder) {
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
            throw new UserException("Cannot delete %s: %s.".formatted(folder, reason(e)), e);
        }
    }

    /**
     * Opens a temporary file for a computation. The file is deleted when the channel is closed or the process is
     * killed.
     *
     * @param folder folder on a disk with enough space
     * @param name purpose of the file, as a part of its name
     * @throws UserException if the folder cannot be written
     */
    public static FileChannel temporary(Path folder, String name) {
        try {
            return FileChannel.open(
                    unused(folder, name),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, reason(e)), e);
        }
    }

    /**
     * Returns the reason of a failed file operation in words, where the exception's message would only repeat the name
     * of the file.
     */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "something of that name is in the way";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason().replaceAll("\\.$", "");
        }
        if (e.getCause() instanceof IOException inner) { // wrapped by a library, such as the PNG writer
            return reason(inner);
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\.$", "");
    }

    /** Returns the target of a link, otherwise the path itself. */
    private static Path followed(Path path, String what) {
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

    /** Returns the parent folder of a path; for the root, the root. */
    private static Path parent(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        String text = name == null ? "" : name.toString();
        return text.length() > LONGEST_NAME ? "result" : text;
    }

    /**
     * Returns an unused hidden path in the folder of a file, on the same file system, for content that is not complete
     * yet. The path contains a random part that nobody can guess.
     */
    public static Path unfinishedOf(Path target) {
        return target.resolveSibling(unfinishedName(name(target)) + UUID.randomUUID());
    }

    /**
     * Returns an unused hidden path in a folder. Its name shows that the content is unfinished, in case a crash leaves
     * it behind.
     */
    private static Path unused(Path folder, String name) {
        return folder.resolve(unfinishedName(name) + UUID.randomUUID());
    }

    private static String unfinishedName(String name) {
        return ".%s.part".formatted(name);
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

    /** Returns an unused hidden path that the next start deletes if this process is killed. */
    static Path begun(Path folder, String name) {
        Path path = unused(folder, name);
        TemporaryFileJournal.ofProcess().add(path);
        return path;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteQuietly(@Nullable Path beside) {
        if (beside != null) {
            beside.toFile().delete();
            TemporaryFileJournal.ofProcess().remove(beside);
        }
    }
}
