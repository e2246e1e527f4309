package org.layerwise.gui.dialog;

import static org.layerwise.gui.text.Messages.text;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Something that went wrong, for people.
 *
 * @param title what could not be done: "The model could not be opened"
 * @param sentence why, and the way out
 * @param details for whoever mends the program; null where the sentence says all there is to say
 * @param retry does it again; null where that makes no sense
 */
public record Problem(String title, String sentence, @Nullable String details, @Nullable Runnable retry) {

    /** From what was thrown: a {@link UserException} speaks for itself, anything else is explained and kept as details. */
    public static Problem of(String title, Throwable thrown, @Nullable Runnable retry) {
        if (thrown instanceof UserException user && user.getMessage() != null) {
            return new Problem(title, user.getMessage(), null, retry);
        }
        if (thrown instanceof OutOfMemoryError) {
            return new Problem(title, text("error.memory"), trace(thrown), retry);
        }
        return new Problem(title, text("error.unexpected"), trace(thrown), retry);
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
