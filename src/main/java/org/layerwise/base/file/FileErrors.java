package org.layerwise.base.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Reasons of failed file operations in words. */
public final class FileErrors {

    private FileErrors() {}

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
        if (e instanceof CharacterCodingException) {
            return "it holds bytes that are no UTF-8 text";
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

    /** Returns the reason of a failed file operation within a stream of paths or lines. */
    public static String reason(UncheckedIOException e) {
        return reason(cause(e));
    }

    /** Returns the exception that an unchecked one stands for. */
    public static IOException cause(UncheckedIOException e) {
        return Objects.requireNonNull(e.getCause());
    }
}
