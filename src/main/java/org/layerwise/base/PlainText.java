package org.layerwise.base;

/** Makes text safe for a terminal. The text may quote anything: file names, keys, cells of a table. */
public final class PlainText {

    /** Maximum number of characters of a message in a terminal. A longer message would bury its main point. */
    public static final int LONGEST = 600;

    private static final String CUT = " ... ";

    private PlainText() {}

    /**
     * Returns a text with line ends and tabs as spaces, and with escapes for other control characters, which could
     * control a terminal.
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '\n' || letter == '\t') {
                line.append(' ');
            } else if (Character.isISOControl(letter) || turnsDirection(letter)) {
                line.append("\\u%04X".formatted((int) letter));
            } else {
                line.append(letter);
            }
        }
        return line.toString();
    }

    /** Returns {@link #line} of a text, cut to {@value #LONGEST} characters. */
    public static String message(String text) {
        return cut(line(text), LONGEST);
    }

    /** Removes the middle of a text that is longer than {@code longest} characters. */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int half = (longest - CUT.length()) / 2;
        return text.substring(0, end(text, half)) + CUT + text.substring(end(text, text.length() - half));
    }

    /** Returns true for Unicode's direction marks, which make a terminal display the following text backwards. */
    private static boolean turnsDirection(char letter) {
        return letter >= '\u202A' && letter <= '\u202E' || letter >= '\u2066' && letter <= '\u2069';
    }

    private static int end(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
    }
}
