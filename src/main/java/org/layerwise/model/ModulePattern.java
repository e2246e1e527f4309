package org.layerwise.model;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.layerwise.base.UserException;

/**
 * A regular expression over names of modules, as PEFT has them in {@code target_modules}, {@code exclude_modules},
 * {@code layers_pattern}, {@code rank_pattern} and {@code alpha_pattern}. It comes with a file that may come from anywhere, so a match
 * takes a limited number of steps: {@code (a+)+$} and its like, which take years, are refused. RE2, which has no such expressions, has no
 * lookahead and no references back either, which Python's have.
 */
public final class ModulePattern {

    /** Letters that a match may look at; usual expressions look at some hundred of a name. 200,000 take a millisecond. */
    private static final int MOST_STEPS = 200_000;

    /** The parser descends into each bracket. */
    private static final int DEEPEST = 200;

    private static final int LONGEST = 1 << 20;

    private final String python;
    private final Pattern pattern;

    private ModulePattern(String python, Pattern pattern) {
        this.python = python;
        this.pattern = pattern;
    }

    /**
     * Compiles a regular expression of Python's.
     *
     * @throws UserException if it is none, is longer than a million characters or nests deeper than 200 brackets
     */
    public static ModulePattern of(String python) {
        requireBounded(python);
        String java = python.replace("(?P<", "(?<")
                .replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>")
                .replace("\\Z", "\\z");
        try {
            return new ModulePattern(python, Pattern.compile(java));
        } catch (PatternSyntaxException e) {
            throw new UserException(
                    "\"%s\" is no regular expression: %s; mend it or write names of modules."
                            .formatted(shown(python), e.getDescription()),
                    e);
        }
    }

    /** Returns true if it matches a whole name. */
    public boolean matches(String module) {
        return matcher(module).matches();
    }

    /** The number that its first group finds at the beginning of a name; empty if it does not match there. */
    public OptionalInt number(String module) {
        Matcher matcher = matcher(module);
        if (!matcher.lookingAt()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(matcher.group(1)));
        } catch (NumberFormatException e) {
            throw new UserException(
                    "\"%s\" finds \"%s\" in %s, which is no number of a layer."
                            .formatted(shown(python), matcher.group(1), module),
                    e);
        }
    }

    private Matcher matcher(String module) {
        return pattern.matcher(new Counted(module, new int[1], python));
    }

    private static void requireBounded(String python) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < python.length(); i++) {
            depth += switch (python.charAt(i)) {
                case '(', '[' -> 1;
                case ')', ']' -> -1;
                default -> 0;
            };
            deepest = Math.max(deepest, depth);
        }
        if (python.length() > LONGEST || deepest > DEEPEST) {
            throw new UserException(
                    "The regular expression \"%s\" is longer than %s characters or nests deeper than %s brackets; write names of modules."
                            .formatted(shown(python), LONGEST, DEEPEST));
        }
    }

    private static String shown(String python) {
        return python.length() <= 100 ? python : python.substring(0, 100) + "…";
    }

    /** A name that counts how often it is looked at. */
    private record Counted(String text, int[] steps, String python) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            steps[0]++;
            if (steps[0] > MOST_STEPS) {
                throw new UserException(
                        "The regular expression \"%s\" takes too long to match the name of a module; write it without nested repetitions, or write names of modules."
                                .formatted(shown(python)));
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
