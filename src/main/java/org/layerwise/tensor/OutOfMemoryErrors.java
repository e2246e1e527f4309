package org.layerwise.tensor;

import java.util.Locale;
import java.util.stream.Stream;

/** Recognises used-up native memory, of the computer or of a GPU, as the cause of a failure of libtorch. */
public final class OutOfMemoryErrors {

    private OutOfMemoryErrors() {}

    /** Returns true if a failure or one of its causes says that libtorch could not allocate memory. */
    public static boolean isCause(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(OutOfMemoryErrors::tells);
    }

    // messages of libtorch's allocators and of the libraries of CUDA
    private static boolean tells(String message) {
        return message.contains("not enough memory")
                || message.contains("out of memory")
                || message.contains("can't allocate memory")
                || message.contains("cannot allocate memory")
                || message.contains("bad_alloc")
                || message.contains("bad allocation")
                || message.contains("could not create a memory object")
                || message.contains("alloc_failed");
    }
}
