package org.layerwise.base.file;

import java.io.File;
import java.io.IOException;
import java.util.Locale;
import org.layerwise.base.UserException;

/** Recognises a full disk as the cause of failures of libraries, which report it in different ways. */
public final class DiskFullErrors {

    /** Space in bytes for the library of a tokenizer, which takes 12 MB. */
    private static final long ROOM = 16L << 20;

    private DiskFullErrors() {}

    /** Returns true if a failure or one of its causes reports a full disk, on Linux, macOS or Windows. */
    public static boolean isCause(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 100; cause = cause.getCause(), depth++) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof IOException
                    && (message.contains("no space left on device")
                            || message.contains("disk quota exceeded")
                            || message.contains("not enough space on the disk"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns true if a folder's disk has no room for a library. Some library loaders hide this cause of their failure.
     */
    public static boolean hasNoRoom(String folder) {
        return new File(folder).getUsableSpace() < ROOM;
    }

    /**
     * Returns the exception for libraries that cannot be unpacked on a full disk.
     *
     * @param cache folder into which they are unpacked
     */
    public static UserException ofLibraries(String cache, Throwable failure) {
        return new UserException(
                "The disk of %s is full, so the program's libraries cannot be unpacked there; free 600 MB, or set XDG_CACHE_HOME to a folder on another disk."
                        .formatted(cache),
                failure);
    }
}
