package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers in LaTeX brought into one spelling, as the evaluation of MATH does (Hendrycks et al., 2021): {@code \dfrac} is
 * {@code \frac}, sizes of brackets, spaces, degrees, dollar and percent signs and units at the end go, {@code \frac12} and
 * {@code \sqrt2} get their braces, {@code x=} at the start goes. Beyond that, all of LaTeX's spaces go, but not the breaks of
 * a matrix's lines; a full stop at the end goes; {@code 1 1/2} is {@code 1\frac{1}{2}}, {@code x^{2}} is {@code x^2}; words in
 * {@code \text{...}} that are the whole answer are these words, and a choice {@code (A)} is {@code A}.
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
    private static final Pattern MIXED = Pattern.compile("(?<![\\d.,/])(\\d+)\\s+(\\d+)\\s?/\\s?(\\d+)(?![\\d.,/])");
    private static final Pattern SHORT_SCRIPT = Pattern.compile("([\\^_])\\{(\\w)\\}");
    private static final Pattern CHOICE = Pattern.compile("\\(([A-Z])\\)");

    /** Stands for the break of a matrix's line, whose spelling is a backslash before a space else. */
    private static final String LINE_BREAK = "\u0001";

    private static final Pattern POINT_FIRST = Pattern.compile("(^|[^\\d])\\.(?=\\d)");
    private static final Pattern SLASH = Pattern.compile("(-?)(\\d+)/(\\d+)");

    /** A number, a fraction, or a number and a fraction. */
    private static final Pattern FRACTION =
            Pattern.compile("(-?)(\\d*)\\\\frac\\{(-?)" + NUMBER + "\\}\\{(-?)" + NUMBER + "\\}");

    private MathText() {}

    /** The one spelling of an answer. */
    static String normalised(String answer) {
        String text = answer.strip();
        text = text.replace("\\$", "").replace("$", "").replace("\\%", "").replace("%", "");
        text = text.replace("{,}", ",").replace('\u2212', '-');
        // elsewhere a doubled backslash is a command's that was escaped once too often
        text = text.replace("\\\\", text.contains("\\begin{") ? LINE_BREAK : "\\");
        text = MIXED.matcher(text).replaceAll("$1\\\\frac{$2}{$3}");
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

    /** The value of an answer in that spelling; empty where it is not one number. */
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
