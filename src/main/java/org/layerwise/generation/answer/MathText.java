package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Normalizes answers in LaTeX, as the evaluation of MATH does (Hendrycks et al., 2021): {@code \dfrac} becomes
 * {@code \frac}; bracket sizes, spaces, degrees, dollar and percent signs and units at the end are removed;
 * {@code \frac12} and {@code \sqrt2} receive braces; {@code x=} at the start is removed. In addition to MATH's rules,
 * all spaces of LaTeX are removed, but not the line breaks of a matrix; a full stop at the end is removed;
 * {@code 1 1/2} becomes {@code 1\frac{1}{2}} and {@code x^{2}} becomes {@code x^2}; a {@code \text{...}} that is the
 * whole answer is replaced by its words, and a choice {@code (A)} by {@code A}.
 */
final class MathText {

    private static final String NUMBER = "((?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?)";

    private static final Pattern SPACES = Pattern.compile("\\\\[!,;: ]|\\\\q?quad(?![a-zA-Z])|~|\\s+");
    private static final Pattern FRACTIONS = Pattern.compile("\\\\[dtc]frac(?![a-zA-Z])");
    private static final Pattern BRACKET_SIZES = Pattern.compile("\\\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])");
    private static final Pattern DEGREES = Pattern.compile("\\^\\{?\\\\circ\\}?|\\\\degree|\u00b0");
    private static final Pattern UNIT = Pattern.compile(
            "(?<=.)(?:(?:\\\\[,;: ]|\\s)*\\\\(?:text|mbox|mathrm)\\{\\s[^{}]*\\}"
                    + "|(?<=[\\d}])(?:\\\\[,;: ]|\\s)*\\\\(?:text|mbox|mathrm)\\{[a-zA-Z]+\\})(?:\\^\\{?\\d\\}?)?\\s*\\.?$");
    private static final Pattern WORDS = Pattern.compile("\\\\(?:text|textbf|mathrm|mbox)\\{([^{}]*)\\}");
    private static final Pattern NAME_BEFORE = Pattern.compile("[^=]{1,2}=([^=]+)");
    private static final Pattern SHORT_ROOT = Pattern.compile("\\\\sqrt([^\\\\{\\[\\s])");
    private static final String BRACES = "(\\{(?:[^{}]++|\\{[^{}]*+\\})*+\\})";
    private static final Pattern SHORT_FRACTION = Pattern.compile(
            "\\\\frac(?:([^{\\\\\\s])([^{\\\\\\s])|([^{\\\\\\s])%s|%s([^{\\\\\\s]))".formatted(BRACES, BRACES));
    private static final Pattern MIXED = Pattern.compile(
            "(?<![\\d.,/])(\\d{1,3}(?:,\\d{3}){1,100}+|\\d+)\\s+(\\d+)\\s?/\\s?(\\d+)(?!\\d|[.,/]\\d|\\s?/)");
    private static final Pattern SHORT_SCRIPT = Pattern.compile("([\\^_])\\{(\\w)\\}");
    private static final Pattern CHOICE = Pattern.compile("\\(([A-Z])\\)");

    /**
     * Placeholder for a line break of a matrix. The line break is written as two backslashes, the second of which would
     * otherwise be read as a LaTeX space if a space follows.
     */
    private static final String LINE_BREAK = "\u0001";

    private static final Pattern POINT_FIRST = Pattern.compile("(^|[^\\d])\\.(?=\\d)");
    private static final Pattern SLASH = Pattern.compile("(-?)(\\d+)/(\\d+)");

    /** A number, a fraction, or a number and a fraction. */
    private static final Pattern FRACTION = Pattern.compile(
            "(-?)((?:\\d{1,3}(?:,\\d{3})+|\\d*))\\\\frac\\{(-?)" + NUMBER + "\\}\\{(-?)" + NUMBER + "\\}");

    private MathText() {}

    /** Returns the normalized form of an answer. */
    static String normalised(String answer) {
        String text = PlainCharacters.of(answer).strip();
        text = text.replace("\\$", "").replace("$", "").replace("\\%", "").replace("%", "");
        text = text.replace("{,}", ",");
        // outside of matrices, a double backslash is a command that was escaped once too often
        text = text.replace("\\\\", text.contains("\\begin{") ? LINE_BREAK : "\\");
        text = mixed(text);
        text = FRACTIONS.matcher(text).replaceAll("\\\\frac");
        text = BRACKET_SIZES.matcher(text).replaceAll("");
        text = DEGREES.matcher(text).replaceAll("");
        text = UNIT.matcher(text.strip()).replaceAll("");
        Matcher words = WORDS.matcher(text.strip());
        text = words.matches() ? words.group(1) : text;
        text = SPACES.matcher(text).replaceAll("");
        text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        Matcher named = NAME_BEFORE.matcher(text);
        text = named.matches() ? named.group(1) : text;
        text = CHOICE.matcher(text).matches() ? text.substring(1, 2) : text;
        text = SHORT_SCRIPT.matcher(text).replaceAll("$1$2");
        text = SHORT_ROOT.matcher(text).replaceAll("\\\\sqrt{$1}");
        text = SHORT_FRACTION.matcher(text).replaceAll(MathText::braced);
        text = POINT_FIRST.matcher(text).replaceAll("$10.");
        Matcher slash = SLASH.matcher(text);
        return slash.matches() ? "%s\\frac{%s}{%s}".formatted(slash.group(1), slash.group(2), slash.group(3)) : text;
    }

    /** Returns an answer with {@code 1\frac{1}{2}} for {@code 1 1/2}. */
    static String mixed(String answer) {
        return MIXED.matcher(answer).replaceAll("$1\\\\frac{$2}{$3}");
    }

    /** Returns the value of a normalized answer; empty if the answer is not a single number. */
    static Optional<Rational> number(String normalised) {
        Matcher fraction = FRACTION.matcher(normalised);
        if (!fraction.matches()) {
            return Rational.parse(normalised);
        }
        Optional<Rational> quotient = Rational.parse(fraction.group(3) + fraction.group(4))
                .flatMap(above ->
                        Rational.parse(fraction.group(5) + fraction.group(6)).flatMap(above::dividedBy));
        Optional<Rational> sum = fraction.group(2).isEmpty()
                ? quotient
                : quotient.flatMap(part -> Rational.parse(fraction.group(2)).map(part::plus));
        return fraction.group(1).isEmpty() ? sum : sum.map(Rational::negated);
    }

    private static String braced(MatchResult match) {
        String above =
                match.group(1) != null ? match.group(1) : match.group(3) != null ? match.group(3) : match.group(5);
        String below =
                match.group(2) != null ? match.group(2) : match.group(4) != null ? match.group(4) : match.group(6);
        return Matcher.quoteReplacement("\\frac" + inBraces(above) + inBraces(below));
    }

    private static String inBraces(String part) {
        return part.startsWith("{") ? part : "{" + part + "}";
    }
}
