package org.layerwise.data;

import java.util.List;
import java.util.stream.Collectors;

/** Formats pieces of a file for messages: on one line and short, for any content of the file. */
public final class Excerpt {

    private static final int MOST_NAMES = 10;
    private static final int MOST_CHARACTERS = 60;

    private Excerpt() {}

    /** Returns a text whose control characters are replaced by spaces, and which is truncated if it is long. */
    public static String text(String text) {
        String plain = text.codePoints()
                .limit(MOST_CHARACTERS)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() < text.length() ? plain + "…" : plain;
    }

    /** Returns words for the beginning of a sentence. */
    public static String sentence(String words) {
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Returns names with commas between them; of many names, the first ones and the number of the others. */
    public static String list(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).map(Excerpt::text).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : "%s and %s more".formatted(first, names.size() - MOST_NAMES);
    }

    /** Returns a number with its unit: {@code 1 token}, {@code 2 tokens}. */
    public static String count(int number, String thing) {
        return number == 1 ? "1 " + thing : "%s %ss".formatted(number, thing);
    }
}
