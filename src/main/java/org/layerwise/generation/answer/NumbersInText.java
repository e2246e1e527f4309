package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds numbers in a text, as written. Characters that continue a number belong to it, also where the whole is not
 * supported ({@code 2^10}, {@code 12:30}, {@code 1,5}, {@code 10 000}): it then has no value, instead of the value of
 * one of its parts.
 */
final class NumbersInText {

    /** Digits with separators. Possessive, so that a long run of digits is read once. */
    private static final String RUN =
            "(?:(?<!\\d )\\d{1,3}(?: \\d{3}(?![\\d/]|-[a-zA-Z]))++|\\d++)(?:(?:[.,:_'\u2019\u00a0\u2009\u202f]|\\{,\\}|,?\\\\[,!])\\d++)*+";

    /** Start of a number, with its sign; a minus sign after a digit, a letter or a bracket is a subtraction. */
    private static final String START =
            "(?<!\\^\\{?[-+]?\\d{0,9})(?:(?<![\\w)\\]}])[-+])?(?:\\\\?%s-?)?".formatted(Rational.CURRENCY);

    private static final String MIXED =
            "(?:\\d++(?:[.,]\\d++)*+(?:\\s+and\\s+|\\s{1,2}|-)(?=\\d++\\s?/\\s?\\d++(?!\\s+of\\b)))?";
    private static final String POWER = "(?:\\^|\\*\\*)(?:[-+]?\\d++|\\{\\s?[-+]?\\d++\\s?\\})";
    private static final String SCIENTIFIC =
            "(?:[eE][-+]?\\d++(?:\\.\\d++)?|\\s?%s\\s?10%s|%s)?".formatted(Rational.TIMES, POWER, POWER);
    private static final String BELOW = "(?:\\s{0,2}/\\s{0,2}[-+]?%s?%s)*+".formatted(Rational.CURRENCY, RUN);
    private static final String FACTOR = "(?:\\s?(?:\\^(?=\\{?[-+]?\\d)|\u03c0|\\\\pi(?![a-zA-Z])|\\\\sqrt))?";

    /** A fraction or a root in LaTeX, also after a number. */
    private static final String LATEX = "(?:\\d++\\s?)?\\\\(?:[dtc]?frac|sqrt)(?![a-zA-Z])"
            + "(?:\\s?(?:\\{(?:[^{}\\n]++|\\{[^{}\\n]*+\\})*+\\}|\\d)){0,2}";

    private static final Pattern NUMBER = Pattern.compile(
            START + "(?:" + LATEX + "|" + MIXED + "(?:(?<![\\w.])\\.)?" + RUN + SCIENTIFIC + BELOW + FACTOR + ")");

    private NumbersInText() {}

    /** Returns a search for the numbers of a text. */
    static Matcher search(CharSequence text) {
        return NUMBER.matcher(text);
    }

    /** Returns the first number of a text, as written. */
    static Optional<String> first(String text) {
        Matcher matcher = search(PlainCharacters.of(text));
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** Returns the last number of a text, as written. Only the last 20,000 characters are searched. */
    static Optional<String> last(String text) {
        String tail = text.substring(Math.max(0, text.length() - 10 * Answers.LONGEST));
        Matcher matcher = search(PlainCharacters.of(tail));
        String last = null;
        while (matcher.find()) {
            last = matcher.group();
        }
        return Optional.ofNullable(last);
    }
}
