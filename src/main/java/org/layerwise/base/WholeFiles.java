package org.layerwise.base;

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

/**
 * Files and folders that appear under their final name only when they are complete: written beside it, then renamed. A
 * failure or a crash leaves the old file, if there was one, untouched.
 */
public final class WholeFiles {

    /** File systems allow 255 bytes, of which a letter can take three. */
    private static final int LONGEST_NAME = 60;

    private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.part[0-9a-f-]{36}");

    private WholeFiles() {}

    /** Writes one file to the path that it is given. */
    @FunctionalInterface
    public interface Writer {
        void write(Path beside) throws IOException;
    }

    /**
     * Writes a file; the folder it lies in is made if need be. A link is kept and the file that it leads to written. The
     * file's permissions are those that the user's umask gives.
     *
     * @throws UserException if the place cannot be written
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

    /** Writes a text as UTF-8. */
    public static void writeString(Path target, String text) {
        write(target, beside -> Files.write(beside, text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Makes a folder that appears only when {@code writer} has filled it; a folder that is already there is replaced. So is a link,
     * and the folder that it leads to stays as it is: it may be anybody's.
     *
     * @throws UserException if the place cannot be written
     */
    public static void writeFolder(Path target, Writer writer) {
        writeFolder(target, target, writer, WholeFiles::replaceFolder);
    }

    /**
     * Makes such a folder where none is yet, or an empty one: what others put there while {@code writer} worked stays.
     *
     * @throws UserException if the place cannot be written, or is in use by then
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

    /** Gives a finished folder its name. */
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
                Leftovers.ofProcess().remove(beside);
            }
        }
    }

    /**
     * Puts a finished folder in the place of an earlier one. The earlier one is renamed first and deleted last, so that a process
     * that is killed meanwhile leaves one of the two whole.
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
        // from here on it counts as unfinished, so that the next start deletes what is left of it
        Path doomed = begun(parent(folder), name(folder));
        move(earlier, doomed);
        deleteFolder(doomed);
        Leftovers.ofProcess().remove(doomed);
    }

    /**
     * The same, and the content is on the disk before the folder gets its name: it survives a crash of the machine, too.
     *
     * @throws UserException if the place cannot be written
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

    // a folder cannot be opened everywhere; there the system sees to the order itself
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Deletes what an interrupted write into a folder left there. Only for a folder that nobody else writes into.
     *
     * @throws UserException if it cannot be deleted
     */
    public static void deleteUnfinished(Path folder) {
        deleteUnfinished(folder, "");
    }

    /**
     * Deletes what interrupted writes of one file or folder left beside it. Only for what nobody else writes.
     *
     * @throws UserException if it cannot be deleted
     */
    public static void deleteUnfinishedOf(Path target) {
        deleteUnfinished(parent(target), unfinishedName(name(target)));
    }

    private static void deleteUnfinished(Path folder, String beginning) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> found = Files.list(folder)) {
            for (Path path : found.filter(WholeFiles::unfinished)
                    .filter(path -> path.getFileName().toString().startsWith(beginning))
                    .toList()) {
                deleteFolder(path);
            }
        } catch (IOException e) {
            throw new UserException("Cannot delete from %s: %s.".formatted(folder, reason(e)), e);
        }
    }

    /** Returns true if only unfinished files and folders of this program have names such as a path's. */
    static boolean unfinished(Path path) {
        return UNFINISHED.matcher(path.getFileName().toString()).matches();
    }

    /**
     * Makes sure that results can be written into a folder, before long work starts.
     *
     * @throws UserException if it is a file, or cannot be made or written
     */
    public static void requireWritableFolder(Path folder) {
        try {
            // createDirectories of Java 17 takes a link to a folder for a file in the way
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(followed(folder, "folder"));
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
     * Makes that check without creating a folder, for the time before there is anything to write. Missing folders are tried under
     * another name beside, which no other program that starts at the same time uses or misses.
     *
     * @throws UserException if it is a file, or cannot be made or written
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
     * Makes sure that a file can be written, before long work starts; the folder it lies in is made if need be.
     *
     * @return the file itself, where the path is a link to one
     * @throws UserException if it is a folder, a link to nothing, or no ordinary file, or its folder cannot be written
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
     * Makes sure that a file that is to be read is one.
     *
     * @throws UserException if there is none, or it is a folder
     */
    public static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserException("%s is a folder; name a file.".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new UserException("There is no file %s.".formatted(file));
        }
    }

    /** Deletes a folder and all that it holds, of a link only the link; nothing happens if it is not there. */
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
     * Deletes a folder that holds nothing; any other stays.
     *
     * @throws UserException if it cannot be deleted
     */
    public static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // somebody has put something into it
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(folder, reason(e)), e);
        }
    }

    /**
     * A file for the time of a computation. It is gone when the channel is closed, and when the process is killed.
     *
     * @param folder where there is room for it
     * @param name what it is for
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

    /** What went wrong with a file, in words, where the exception alone would only repeat its name. */
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
        if (e.getCause() instanceof IOException inner) { // of a library's own words, such as those of the writer of PNG
            return reason(inner);
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\.$", "");
    }

    /** Where a path leads to: a link's target, otherwise the path itself. */
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

    /** The folder of a path; that of the root is the root. */
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
     * Names a hidden path beside a file, on whatever file system, for content that is not whole yet. Nothing has that path, and nobody
     * can guess it.
     */
    public static Path unfinishedOf(Path target) {
        return target.resolveSibling(unfinishedName(name(target)) + UUID.randomUUID());
    }

    /** A hidden path that nothing else has; what a crash leaves of it can be told by its name. */
    private static Path unused(Path folder, String name) {
        return folder.resolve(unfinishedName(name) + UUID.randomUUID());
    }

    private static String unfinishedName(String name) {
        return ".%s.part".formatted(name);
    }

    /**
     * Names a path in a folder that nothing has yet, so that nothing is written over: the wanted name itself, otherwise with the
     * first number from 2 on that is free.
     */
    public static Path numbered(Path folder, String name) {
        Path path = folder.resolve(name);
        for (int number = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); number++) {
            path = folder.resolve(name + "-" + number);
        }
        return path;
    }

    /** Such a path that the next start deletes if this process is killed meanwhile. */
    static Path begun(Path folder, String name) {
        Path path = unused(folder, name);
        Leftovers.ofProcess().add(path);
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
            Leftovers.ofProcess().remove(beside);
        }
    }
}
