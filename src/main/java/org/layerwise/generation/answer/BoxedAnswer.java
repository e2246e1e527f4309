package org.layerwise.generation.answer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the answer in LaTeX's {@code \boxed{...}} or {@code \fbox{...}}. */
final class BoxedAnswer {

    private static final Pattern BOX =
            Pattern.compile("\\\\(?:boxed|fbox)\\s*(\\{|(?<=\\s)(?:[^\\s{$\\\\.,]|[.,](?=\\d))++|\\d)");

    private BoxedAnswer() {}

    /**
     * Returns the content of the last closed box, including inner braces; {@code \boxed 5} without braces also counts.
     * A box that is cut off by the end of the text does not count, nor does an empty one.
     */
    static Optional<String> last(String text) {
        int[] closing = null;
        Matcher matcher = BOX.matcher(text);
        int start = 0;
        int end = 0;
        while (matcher.find()) {
            boolean braced = matcher.group(1).equals("{");
            if (braced && closing == null) {
                closing = closings(text);
            }
            int from = braced ? matcher.end() : matcher.start(1);
            int to = braced && closing != null ? closing[matcher.start(1)] : matcher.end();
            if (hasContent(text, from, to)) {
                start = from;
                end = to;
            }
        }
        return end == start || end - start > Answers.LONGEST
                ? Optional.empty()
                : Optional.of(text.substring(start, end));
    }

    private static boolean hasContent(String text, int from, int to) {
        int at = from;
        while (at < to && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < to;
    }

    /**
     * Returns the index of the closing brace for each opening one, or -1. One pass finds them all, since a text may
     * open 200,000 boxes. A brace after a backslash is an ordinary character.
     */
    private static int[] closings(String text) {
        int[] closing = new int[text.length()];
        Arrays.fill(closing, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> open.push(i);
                case '}' -> {
                    if (!open.isEmpty()) {
                        closing[open.pop()] = i;
                    }
                }
                default -> {}
            }
        }
        return closing;
    }
}
