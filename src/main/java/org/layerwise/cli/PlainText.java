package org.layerwise.cli;

/** Text that may quote anything (file names, keys, cells of a table) made fit for a terminal. */
final class PlainText {

    /** Longer messages hide what they say. */
    static final int LONGEST = 600;

    private PlainText() {}

    /** Control characters, which could steer a terminal or break the line, are spelt out. */
    static String line(String text) {
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

    /** As {@link #line}, and no longer than {@value #LONGEST} characters: the middle is left out. */
    static String message(String text) {
        String line = line(text);
        if (line.length() <= LONGEST) {
            return line;
        }
        int half = LONGEST / 2 - 3;
        return line.substring(0, end(line, half)) + " ... " + line.substring(end(line, line.length() - half));
    }

    /** Unicode's marks that make a terminal show what follows backwards. */
    private static boolean turnsDirection(char letter) {
        return letter >= '\u202A' && letter <= '\u202E' || letter >= '\u2066' && letter <= '\u2069';
    }

    private static int end(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
    }
}
