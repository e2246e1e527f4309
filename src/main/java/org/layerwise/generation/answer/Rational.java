package org.layerwise.generation.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact number as written in answers: {@code 42}, {@code 1,234.50}, {@code -$3}, {@code .5}, {@code 1/2}. It is
 * reduced to lowest terms, so that two numbers with the same value are equal.
 *
 * @param numerator numerator with the sign
 * @param denominator denominator, above 0
 */
record Rational(BigInteger numerator, BigInteger denominator) {

    /**
     * Maximum number of characters of a number. Longer runs of digits come from broken text, and their arithmetic would
     * take long.
     */
    private static final int MOST_CHARACTERS = 400;

    /**
     * A number without a sign. 500 groups of thousands are more characters than an answer may have; without a limit,
     * a search would read a long run of groups to its end from each of them.
     */
    private static final String UNSIGNED = "(?:(?:\\d{1,3}(?:,\\d{3}){1,500}+(?!,?\\d)|\\d+)(?:\\.\\d+)?|\\.\\d+)";

    /** A number inside a text; a minus sign after a digit, a letter or a bracket is a subtraction. */
    private static final Pattern IN_TEXT =
            Pattern.compile("(?:(?<![\\w)\\]}])[-+])?\\$?(?:(?<=\\$)-)?(?:\\d+\\s(?=\\d+/\\d))?" + UNSIGNED
                    + "(?:\\s?/\\s?\\d+(?![\\d.]))?");

    private static final Pattern WHOLE =
            Pattern.compile("([-+]?)\\$?([-+]?)(" + UNSIGNED + ")\\.?(?:\\s*/\\s*(" + UNSIGNED + "))?\\s*%?\\.?");

    Rational {
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("a denominator is above 0, not " + denominator);
        }
        BigInteger common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    /**
     * Returns the value of a text that consists of a single number. A dollar sign, a full stop and a percent sign are
     * also allowed; the percent sign is dropped, as in common evaluators: 50 % is 50. Commas group by thousands. Empty
     * if the text is not a number or divides by 0.
     */
    static Optional<Rational> parse(String text) {
        String number = plainSigns(text).strip();
        Matcher matcher = WHOLE.matcher(number);
        if (number.length() > MOST_CHARACTERS || !matcher.matches()) {
            return Optional.empty();
        }
        boolean negative = matcher.group(1).equals("-") != matcher.group(2).equals("-");
        Rational above = decimal(matcher.group(3));
        Rational value = negative ? above.negated() : above;
        return matcher.group(4) == null ? Optional.of(value) : value.dividedBy(decimal(matcher.group(4)));
    }

    /** Returns a search for the numbers of a text. */
    static Matcher numbers(CharSequence text) {
        return IN_TEXT.matcher(text);
    }

    /** Returns the first number of a text, as written. */
    static Optional<String> first(String text) {
        Matcher matcher = numbers(plainSigns(text));
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** Returns the last number of a text, as written. Only the last 20,000 characters are searched. */
    static Optional<String> last(String text) {
        String tail = text.substring(Math.max(0, text.length() - 10 * Answers.LONGEST));
        Matcher matcher = numbers(plainSigns(tail));
        String last = null;
        while (matcher.find()) {
            last = matcher.group();
        }
        return Optional.ofNullable(last);
    }

    /** Returns the quotient; empty if the divisor is 0. */
    Optional<Rational> dividedBy(Rational divisor) {
        if (divisor.numerator.signum() == 0) {
            return Optional.empty();
        }
        BigInteger above = numerator.multiply(divisor.denominator);
        BigInteger below = denominator.multiply(divisor.numerator);
        return Optional.of(
                below.signum() < 0 ? new Rational(above.negate(), below.negate()) : new Rational(above, below));
    }

    Rational plus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational negated() {
        return new Rational(numerator.negate(), denominator);
    }

    private static Rational decimal(String digits) {
        BigDecimal value = new BigDecimal(digits.replace(",", ""));
        return new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
    }

    private static String plainSigns(String text) {
        return text.replace('\u2212', '-');
    }
}
