package org.layerwise.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders that appear under their final name only when they are complete: written beside it, then renamed. A
 * failure or a crash leaves the old file, if there was one, untouched.
 */
public final class WholeFiles {

    private WholeFiles() {}

    /** Writes one file to the path that it is given. */
    @FunctionalInterface
    public interface Writer {
        void write(Path beside) throws IOException;
    }

    /**
     * Writes a file; the folder it lies in is made if need be.
     *
     * @throws UserException if the place cannot be written
     */
    public static void write(Path target, Writer writer) {
        Path folder = target.toAbsolutePath().getParent();
        requireWritableFolder(folder);
        Path beside = null;
        try {
            beside = Files.createTempFile(folder, "." + target.getFileName(), ".part");
            writer.write(beside);
            beside.toFile().setReadable(true, false); // temporary files are private, results are not
            move(beside, target);
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
     * Makes a folder that appears only when {@code writer} has filled it; a folder that is already there is replaced.
     *
     * @throws UserException if the place cannot be written
     */
    public static void writeFolder(Path target, Writer writer) {
        Path parent = target.toAbsolutePath().getParent();
        requireWritableFolder(parent);
        Path beside = null;
        try {
            beside = Files.createTempDirectory(parent, "." + target.getFileName() + ".part");
            writer.write(beside);
            beside.toFile().setReadable(true, false); // temporary folders are private, results are not
            beside.toFile().setExecutable(true, false);
            deleteFolder(target);
            move(beside, target);
        } catch (IOException e) {
            throw new UserException("Cannot write the folder %s: %s.".formatted(target, reason(e)), e);
        } finally {
            if (beside != null) {
                deleteFolder(beside);
            }
        }
    }

    /**
     * Makes sure that results can be written into a folder, before long work starts.
     *
     * @throws UserException if it is a file, or cannot be made or written
     */
    public static void requireWritableFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, ".probe", ".part");
            Files.delete(probe);
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

    /** Deletes a folder and all that it holds; nothing happens if it is not there. */
    public static void deleteFolder(Path folder) {
        if (!Files.exists(folder)) {
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

    /** What went wrong with a file, in words, where the exception alone would only repeat its name. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\.$", "");
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
        }
    }
}
