package org.layerwise.base;

/**
 * Something that the user can mend: a file that is missing or broken, a setting that makes no sense. The message is one
 * plain sentence that names the file, the thing and the way out; it is shown as it is, without a stack trace.
 *
 * <p>A message often quotes a value of a file that may come from anywhere. Therefore {@link Secrets} are hidden, a long message
 * loses its middle, and control characters, which could command a terminal, become spaces.
 */
public final class UserException extends RuntimeException {

    /** The longest message in characters. */
    static final int MOST_CHARACTERS = 1500;

    /** The characters of a long message that stay at its end, where the way out stands. */
    private static final int LAST_CHARACTERS = 400;

    private static final String CUT = " […] ";

    public UserException(String message) {
        super(printable(message));
    }

    public UserException(String message, Throwable cause) {
        super(printable(message), cause);
    }

    private static String printable(String message) {
        String text = Secrets.hidden(message);
        if (text.length() > MOST_CHARACTERS) {
            text = text.substring(0, MOST_CHARACTERS - LAST_CHARACTERS - CUT.length())
                    + CUT
                    + text.substring(text.length() - LAST_CHARACTERS);
        }
        return text.chars().anyMatch(UserException::isControl) ? withoutControls(text) : text;
    }

    private static String withoutControls(String text) {
        StringBuilder plain = new StringBuilder(text);
        for (int i = 0; i < plain.length(); i++) {
            if (isControl(plain.charAt(i))) {
                plain.setCharAt(i, ' ');
            }
        }
        return plain.toString();
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && character != '\n' && character != '\t';
    }
}
