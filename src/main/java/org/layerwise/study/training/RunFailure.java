package org.layerwise.study.training;

import java.io.UncheckedIOException;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.tensor.OutOfMemoryErrors;

/** Messages about the failure of a run. */
final class RunFailure {

    private static final String LESS_MEMORY =
            "use a smaller --batch or --max-length, --gradient-checkpointing, fewer layers, or --dtype bf16";

    private RunFailure() {}

    /**
     * Returns a failure with a message for users. Failures of memory and of the file system get a message with a
     * solution; all others are returned unchanged.
     */
    static RuntimeException told(Throwable failure) {
        if (failure instanceof UserException known) {
            return known;
        }
        if (failure instanceof OutOfMemoryError) {
            return new UserException(
                    "The memory of Java is used up; give it more (JAVA_OPTS=-Xmx8g) or use fewer rows.", failure);
        }
        if (OutOfMemoryErrors.isCause(failure)) {
            return new UserException(
                    "There is not enough memory for a training step; %s.".formatted(LESS_MEMORY), failure);
        }
        if (failure instanceof UncheckedIOException io) {
            return new UserException("A file of the run cannot be written: %s.".formatted(FileErrors.reason(io)), io);
        }
        return failure instanceof RuntimeException plain ? plain : new IllegalStateException(failure);
    }

    /**
     * Returns the reason of a failure for {@code run.json}: the first line of its message, or the name of its class.
     */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
