package org.layerwise.data;

import java.util.List;
import java.util.stream.Collectors;

/** Pieces of a file as messages show them: on one line and short enough to be read, whatever the file holds. */
final class Shown {

    private static final int MOST_NAMES = 10;
    private static final int MOST_CHARACTERS = 60;

    private Shown() {}

    /** A piece of text: control characters become spaces, and a long one is cut. */
    static String text(String text) {
        String plain = text.codePoints()
                .limit(MOST_CHARACTERS)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() < text.length() ? plain + "…" : plain;
    }

    /** Words as the beginning of a sentence. */
    static String sentence(String words) {
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Names with commas between them; of many, the first ones and how many more there are. */
    static String list(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).map(Shown::text).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : "%s and %s more".formatted(first, names.size() - MOST_NAMES);
    }

    /** {@code 1 token}, {@code 2 tokens}. */
    static String count(int number, String thing) {
        return number == 1 ? "1 " + thing : "%s %ss".formatted(number, thing);
    }
}
