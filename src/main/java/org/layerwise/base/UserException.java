package org.layerwise.base;

/**
 * Something that the user can mend: a file that is missing or broken, a setting that makes no sense. The message is one
 * plain sentence that names the file, the thing and the way out; it is shown as it is, without a stack trace.
 *
 * <p>A message often quotes a value of a file that may come from anywhere. Therefore {@link Secrets} are hidden and a long message
 * loses its middle.
 */
public final class UserException extends RuntimeException {

    /** The longest message in characters. */
    static final int MOST_CHARACTERS = 1500;

    public UserException(String message) {
        super(PlainText.cut(Secrets.hidden(message), MOST_CHARACTERS));
    }

    public UserException(String message, Throwable cause) {
        super(PlainText.cut(Secrets.hidden(message), MOST_CHARACTERS), cause);
    }
}
