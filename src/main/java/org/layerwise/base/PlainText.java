package org.layerwise.base;

/** Text that may quote anything (file names, keys, cells of a table) made fit for a terminal. */
public final class PlainText {

    /** The longest message for a terminal in characters; longer ones hide what they say. */
    public static final int LONGEST = 600;

    private static final String CUT = " ... ";

    private PlainText() {}

    /** Spells out control characters, which could steer a terminal or break the line. */
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

    /** Leaves out the middle of a text that is longer than {@code longest} characters. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int half = (longest - CUT.length()) / 2;
        return text.substring(0, end(text, half)) + CUT + text.substring(end(text, text.length() - half));
    }

    /** Unicode's marks that make a terminal show what follows backwards. */
    private static boolean turnsDirection(char letter) {
        return letter >= '\u202A' && letter <= '\u202E' || letter >= '\u2066' && letter <= '\u2069';
    }

    private static int end(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
    }
}
