package org.layerwise.data.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations on strings as in Python: counted in code points, with Python's definition of white space. */
final class PythonStrings {

    private PythonStrings() {}

    /** Returns true if a character is white space, as {@code str.isspace} does. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /**
     * Returns the first position from {@code from} on without white space if {@code spaces} is true, otherwise the
     * first position with white space.
     */
    static int place(String text, int from, boolean spaces) {
        int place = from;
        while (place < text.length() && isSpace(text.charAt(place)) == spaces) {
            place++;
        }
        return place;
    }

    /** Strips characters as {@code str.strip}, {@code lstrip} and {@code rstrip} do; null strips white space. */
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        int[] points = text.codePoints().toArray();
        int start = 0;
        int end = points.length;
        while (left && start < end && strips(points[start], characters)) {
            start++;
        }
        while (right && end > start && strips(points[end - 1], characters)) {
            end--;
        }
        return new String(points, start, end - start);
    }

    private static boolean strips(int c, @Nullable String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Returns the characters, each as a string. */
    static List<Object> characters(String text) {
        return text.codePoints().<Object>mapToObj(Character::toString).toList();
    }

    /** Returns {@code str.isupper} of a text. */
    static boolean isUpper(RenderLimits budget, String text) {
        return PythonBuiltins.upper(budget, text).equals(text)
                && !PythonBuiltins.lower(budget, text).equals(text);
    }

    /** Returns {@code str.islower} of a text. */
    static boolean isLower(RenderLimits budget, String text) {
        return PythonBuiltins.lower(budget, text).equals(text)
                && !PythonBuiltins.upper(budget, text).equals(text);
    }

    /** Returns {@code str.capitalize} of a text. */
    static String capitalized(RenderLimits budget, String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titled(text.codePointAt(0)) + PythonBuiltins.lower(budget, text.substring(first));
    }

    /** Returns {@code str.title} of a text: a letter that follows no letter becomes a capital. */
    static String title(RenderLimits budget, String text) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            title.append(inWord ? PythonBuiltins.lower(budget, Character.toString(c)) : titled(c));
            inWord = Character.isLetter(c);
        }
        return title.toString();
    }

    private static String titled(int c) {
        return Character.toString(Character.toTitleCase(c));
    }

    /** Returns {@code str.replace} of a text; a negative count replaces all occurrences. */
    static String replace(String text, String old, String replacement, long count) {
        long most = count(text, old);
        long replaced = count < 0 ? most : Math.min(count, most);
        Arithmetic.requireLength(text.length() + replaced * (replacement.length() - old.length()));
        StringBuilder result = new StringBuilder();
        int position = 0;
        for (long done = 0; done < replaced; done++) {
            int found = text.indexOf(old, position);
            result.append(text, position, found).append(replacement);
            position = found + old.length();
            if (old.isEmpty() && position < text.length()) {
                int next = text.offsetByCodePoints(position, 1);
                result.append(text, position, next);
                position = next;
            }
        }
        return result.append(text, position, text.length()).toString();
    }

    /** Returns the number of occurrences of a part in a text, without overlaps. */
    static long count(String text, String part) {
        if (part.isEmpty()) {
            return length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
