package org.layerwise.generation.answer;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the Python code from a generated text: the content of the first block fenced with {@code ```}, otherwise the
 * text itself, up to the end of the code. A text that continues a function ends before the next unindented line that
 * begins a class, a function, a comment, a condition or an output (Chen et al., 2021), an import or an assertion. A
 * text that contains the whole function ends before code that tests the function or shows its use.
 */
final class GeneratedCode {

    private static final Pattern OPENING = Pattern.compile("(?m)^[ \\t]*```[ \\t]*(?i:python3?|py)[ \\t]*$\\n?");
    private static final Pattern BARE_FIRST = Pattern.compile("\\s*```[ \\t]*\\n");
    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*```");

    private static final Pattern AFTER_BODY = Pattern.compile(
            "\\n(?:class\\b|(?:async )?def\\b|@|#|if\\b|print\\b|assert\\b|import\\b|from\\b|\\[DONE\\])");
    private static final Pattern AFTER_WHOLE =
            Pattern.compile("(?m)^(?:if __name__|print\\b|assert\\b|# ?(?:Examples?|Tests?|Usage)\\b|###|\\[DONE\\])");
    private static final Pattern CODE =
            Pattern.compile("(?m)^(?:class \\w|(?:async )?def \\w|import \\w|from [\\w.]+ import |@\\w)");
    private static final Pattern CODE_LIKE = Pattern.compile("\\s*|\\s*#.*|[A-Za-z_]\\w*(?:\\s*:.*)?\\s*=.*");

    private GeneratedCode() {}

    /**
     * Extracts the code.
     *
     * @param entryPoint function that the text continues or contains; null if the text must contain the whole function
     * @return code without a line break at the end; empty if there is no code
     */
    static String of(String generated, @Nullable String entryPoint) {
        String code = inFence(generated.replace("\r", ""));
        boolean whole = entryPoint == null || whole(code, entryPoint);
        code = whole ? withoutWords(code) : code;
        int from = whole ? start(code, entryPoint) : 0;
        Matcher end = (whole ? AFTER_WHOLE : AFTER_BODY).matcher(code);
        return (end.find(from) ? code.substring(0, end.start()) : code).stripTrailing();
    }

    /** Returns the stop strings for a text that continues a function. */
    static List<String> stopsOfContinuation() {
        return List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint", "\n```");
    }

    /** Returns true if the code contains the whole function, not only its body. */
    static boolean whole(String code, @Nullable String entryPoint) {
        return entryPoint != null && definition(entryPoint).matcher(code).find();
    }

    private static int start(String code, @Nullable String entryPoint) {
        Matcher matcher = (entryPoint == null ? CODE : definition(entryPoint)).matcher(code);
        return matcher.find() ? matcher.start() : 0;
    }

    /** Removes the sentences before the first line of code. */
    private static String withoutWords(String code) {
        Matcher first = CODE.matcher(code);
        if (!first.find()) {
            return code;
        }
        boolean words = code.substring(0, first.start())
                .lines()
                .anyMatch(line -> line.length() > Answers.LONGEST
                        || !CODE_LIKE.matcher(line).matches());
        return words ? code.substring(first.start()) : code;
    }

    private static Pattern definition(String entryPoint) {
        return Pattern.compile("(?m)^(?:async )?def\\s+" + Pattern.quote(entryPoint) + "\\s*\\(");
    }

    private static String inFence(String text) {
        Matcher first = FENCE.matcher(text);
        if (!first.find()) {
            return text;
        }
        Matcher bare = BARE_FIRST.matcher(text);
        if (bare.lookingAt()) {
            return upToFence(text, bare.end());
        }
        Matcher opening = OPENING.matcher(text);
        boolean opens = opening.find() && opening.start() == first.start();
        return opens ? upToFence(text, opening.end()) : text.substring(0, first.start());
    }

    private static String upToFence(String text, int from) {
        Matcher closing = FENCE.matcher(text);
        return closing.find(from) ? text.substring(from, closing.start()) : text.substring(from);
    }
}
