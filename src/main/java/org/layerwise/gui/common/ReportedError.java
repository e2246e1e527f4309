package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Error that is reported to the user.
 *
 * @param title action that failed, such as "The model could not be opened"
 * @param sentence reason and solution
 * @param details technical details for a bug report; null if the sentence is sufficient
 * @param retry repeats the action; null if a repetition makes no sense
 */
public record ReportedError(String title, String sentence, @Nullable String details, @Nullable Runnable retry) {

    /**
     * Creates a problem from an exception. The message of a {@link UserException} is shown directly; any other
     * exception gets a general sentence and a stack trace as details.
     */
    public static ReportedError of(String title, Throwable thrown, @Nullable Runnable retry) {
        if (thrown instanceof UserException user && user.getMessage() != null) {
            return new ReportedError(title, user.getMessage(), null, retry);
        }
        if (thrown instanceof OutOfMemoryError) {
            return new ReportedError(title, text("error.memory"), trace(thrown), retry);
        }
        return new ReportedError(title, text("error.unexpected"), trace(thrown), retry);
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
