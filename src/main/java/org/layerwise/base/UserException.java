package org.layerwise.base;

/**
 * Something that the user can mend: a file that is missing or broken, a setting that makes no sense. The message is one
 * plain sentence that names the file, the thing and the way out; it is shown as it is, without a stack trace. {@link Secrets} that it
 * quotes are hidden.
 */
public final class UserException extends RuntimeException {

    public UserException(String message) {
        super(Secrets.hidden(message));
    }

    public UserException(String message, Throwable cause) {
        super(Secrets.hidden(message), cause);
    }
}
