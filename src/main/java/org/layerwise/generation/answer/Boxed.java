package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer in LaTeX's {@code \boxed{...}} or {@code \fbox{...}}. */
final class Boxed {

    private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)\\s*(\\{|(?<=\\s)[^\\s{$\\\\.,]+|\\d)");

    private Boxed() {}

    /**
     * What is in the last box that is closed, inner braces included; {@code \boxed 5} without braces counts too. A box that
     * the text's end cut off is no box, nor is an empty one.
     */
    static Optional<String> last(String text) {
        Matcher matcher = BOX.matcher(text);
        String last = null;
        while (matcher.find()) {
            Optional<String> content =
                    matcher.group(1).equals("{") ? upToBrace(text, matcher.end()) : Optional.of(matcher.group(1));
            if (content.isPresent() && !content.get().isBlank()) {
                last = content.get();
            }
        }
        return Optional.ofNullable(last);
    }

    /** The text from a place up to the brace that closes the one before it; a brace after a backslash is a sign. */
    private static Optional<String> upToBrace(String text, int start) {
        int open = 1;
        for (int i = start; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> open++;
                case '}' -> open--;
                default -> {}
            }
            if (open == 0) {
                return Optional.of(text.substring(start, i));
            }
        }
        return Optional.empty();
    }
}
