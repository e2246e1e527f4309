package org.layerwise.base;

import java.util.Objects;

/**
 * Problem that the user can fix: a missing or broken file, an invalid setting. The message is one plain sentence that
 * names the file, the problem and the solution. It is shown as it is, without a stack trace.
 *
 * <p>A message often quotes a value from an untrusted file. Therefore {@link Secrets} are hidden, and the middle of a
 * long message is removed.
 */
public class UserException extends RuntimeException {

    /** Maximum number of characters of a message. */
    static final int MOST_CHARACTERS = 1500;

    public UserException(String message) {
        super(PlainText.cut(Secrets.hidden(message), MOST_CHARACTERS));
    }

    public UserException(String message, Throwable cause) {
        super(PlainText.cut(Secrets.hidden(message), MOST_CHARACTERS), cause);
    }

    /** Runs a check and returns the message of the problem that it finds; empty if it finds none. */
    public static String messageOf(Runnable check) {
        try {
            check.run();
            return "";
        } catch (UserException e) {
            return e.getMessage();
        }
    }

    /** Returns the sentence for the user. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
