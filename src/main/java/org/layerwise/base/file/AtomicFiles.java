package org.layerwise.base.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Writes files and folders atomically: under a temporary name in the same folder, then renamed when they are complete.
 * A failure or a crash leaves an existing file unchanged.
 */
public final class AtomicFiles {

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
        Path file = WritablePaths.requireFile(target);
        Path beside = null;
        try {
            beside = UnfinishedFiles.begin(Folders.parent(file), UnfinishedFiles.name(file));
            Files.createFile(beside);
            writer.write(beside);
            move(beside, file);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(target, FileErrors.reason(e)), e);
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
        writeFolder(target, WritablePaths.followed(target, "folder"), writer, (folder, finished) -> {
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
        WritablePaths.requireFolder(Folders.parent(folder));
        Path beside = null;
        try {
            beside = UnfinishedFiles.begin(Folders.parent(folder), UnfinishedFiles.name(folder));
            Files.createDirectory(beside);
            writer.write(beside);
            naming.name(folder, beside);
        } catch (IOException e) {
            throw new UserException("Cannot write the folder %s: %s.".formatted(target, FileErrors.reason(e)), e);
        } finally {
            if (beside != null) {
                Folders.delete(beside);
                TemporaryFileJournal.ofProcess().remove(beside);
            }
        }
    }

    /**
     * Replaces an earlier folder by a finished one. The earlier folder is moved aside first and deleted last. If the
     * process is killed meanwhile, the next start moves it back or deletes it.
     */
    private static void replaceFolder(Path folder, Path finished) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            move(finished, folder);
            return;
        }
        ReplacedFolder earlier = ReplacedFolder.moveAside(folder);
        try {
            move(finished, folder);
        } catch (IOException e) {
            earlier.moveBack();
            throw e;
        }
        earlier.delete();
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
        syncFolder(Folders.parent(target));
    }

    // not every system can open a folder; those that cannot keep the order themselves
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    static void move(Path from, Path to) throws IOException {
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
