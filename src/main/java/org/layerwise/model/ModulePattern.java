package org.layerwise.model;

import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.layerwise.base.UserException;

/**
 * Regular expression over module names, as in PEFT's {@code target_modules}, {@code exclude_modules},
 * {@code layers_pattern}, {@code rank_pattern} and {@code alpha_pattern}. An expression may come from an untrusted
 * file, so a match takes a limited number of steps: {@code (a+)+$} and similar expressions, which would take years, are
 * refused. RE2, which has no such expressions, also lacks the lookahead and the backreferences of Python.
 */
public final class ModulePattern {

    /**
     * Maximum number of characters that a match reads; common expressions read some hundred for a name. 200,000 take a
     * millisecond, or some seconds if {@link #FREE_ZERO_WIDTH_STEPS} follow each of them.
     */
    private static final int MOST_STEPS = 200_000;

    /** Maximum number of steps after a character that read none; common expressions take some ten. */
    private static final int MOST_ZERO_WIDTH_STEPS = 20_000;

    /** Number of steps that read none for which a character counts once more. */
    private static final int FREE_ZERO_WIDTH_STEPS = 2_000;

    /** Maximum depth of nested brackets, since the parser recurses into each bracket. */
    private static final int DEEPEST = 200;

    private static final int LONGEST = 1 << 20;

    private final String python;
    private final Pattern pattern;
    private final int stepsOfCharacter;

    private ModulePattern(String python, Pattern pattern, int stepsOfCharacter) {
        this.python = python;
        this.pattern = pattern;
        this.stepsOfCharacter = stepsOfCharacter;
    }

    /**
     * Compiles a Python regular expression.
     *
     * @throws UserException if the text is no regular expression, is longer than a million characters, nests deeper than
     *     200 brackets, repeats nothing or chooses between nothing too often, or has comments
     */
    public static ModulePattern of(String python) {
        requireBounded(python);
        String java = python.replace("(?P<", "(?<")
                .replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>")
                .replace("\\Z", "\\z");
        int stepsOfCharacter = 1 + zeroWidthSteps(python, java) / FREE_ZERO_WIDTH_STEPS;
        try {
            return new ModulePattern(python, Pattern.compile(java), stepsOfCharacter);
        } catch (PatternSyntaxException e) {
            throw new UserException(
                    "\"%s\" is no regular expression: %s; mend it or write names of modules."
                            .formatted(shown(python), e.getDescription()),
                    e);
        }
    }

    /** Returns true if this expression matches a whole name. */
    public boolean matches(String module) {
        return isMatched(module, matcher(module)::matches);
    }

    /**
     * Returns the number that the first group matches at the beginning of a name; empty if the expression does not
     * match there.
     *
     * @throws UserException if the group matches a text that is no number
     */
    public OptionalInt number(String module) {
        Matcher matcher = matcher(module);
        if (!isMatched(module, matcher::lookingAt)) {
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
        return pattern.matcher(new Counted(module, new int[1], stepsOfCharacter, python));
    }

    private boolean isMatched(String module, BooleanSupplier match) {
        try {
            return match.getAsBoolean();
        } catch (StackOverflowError e) {
            throw new UserException(
                    "The regular expression \"%s\" has too many parts to match %s; write names of modules."
                            .formatted(shown(python), module),
                    e);
        }
    }

    private static int zeroWidthSteps(String python, String java) {
        double steps = ZeroWidthSteps.of(java, DEEPEST);
        if (steps <= MOST_ZERO_WIDTH_STEPS) {
            return (int) steps;
        }
        throw new UserException(
                "The regular expression \"%s\" repeats nothing or chooses between nothing too often, or has comments (?x); write it shorter, or write names of modules."
                        .formatted(shown(python)));
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

    /** Name that counts how often its characters are read. */
    private record Counted(String text, int[] steps, int stepsOfCharacter, String python) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            steps[0] += stepsOfCharacter;
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
