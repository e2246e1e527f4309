package org.layerwise.study;

import java.io.UncheckedIOException;
import java.util.Locale;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/** Says in one sentence why a run broke. */
final class RunFailure {

    private static final String LESS_MEMORY =
            "use a smaller --batch or --max-length, --gradient-checkpointing, fewer layers, or --dtype bf16";

    private RunFailure() {}

    /**
     * The same failure for people: what ran out of memory and what a file system refused are told with a way out, all else
     * stays as it is.
     */
    static RuntimeException told(Throwable failure) {
        if (failure instanceof UserException known) {
            return known;
        }
        if (failure instanceof OutOfMemoryError) {
            return new UserException(
                    "The memory of Java is used up; give it more (JAVA_OPTS=-Xmx8g) or use fewer rows.", failure);
        }
        if (outOfMemory(failure)) {
            return new UserException(
                    "There is not enough memory for a training step; %s.".formatted(LESS_MEMORY), failure);
        }
        if (failure instanceof UncheckedIOException io) {
            return new UserException(
                    "A file of the run cannot be written: %s.".formatted(WholeFiles.reason(io.getCause())), io);
        }
        return failure instanceof RuntimeException plain ? plain : new IllegalStateException(failure);
    }

    /** What {@code run.json} holds as the reason. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }

    // libtorch's allocators on the processor and on a GPU
    private static boolean outOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message =
                    cause.getMessage() == null ? "" : cause.getMessage().toLowerCase(Locale.ROOT);
            if (message.contains("not enough memory")
                    || message.contains("out of memory")
                    || message.contains("can't allocate memory")
                    || message.contains("alloc_failed")) {
                return true;
            }
        }
        return false;
    }
}
