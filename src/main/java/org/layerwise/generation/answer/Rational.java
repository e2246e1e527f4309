package org.layerwise.generation.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact number as written in answers: {@code 42}, {@code 1,234.50}, {@code -$3}, {@code .5}, {@code 1/2}, {@code 1.5e3},
 * {@code 1.5 x 10^3}. It is reduced to lowest terms, so that two numbers with the same value are equal.
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

    static final String CURRENCY = "[$\u20ac\u00a3\u00a5\u20b9]";

    /** Signs between a number and its power of ten. */
    static final String TIMES = "(?:[xX*\u00d7\u00b7]|\\\\times|\\\\cdot)";

    private static final String EXPONENT = "([-+]?\\d{1,9}|\\{[-+]?\\d{1,9}\\})";

    private static final Pattern FRACTION = Pattern.compile("([-+]?)%s?([-+]?)(%s)\\.?(?:\\s*/\\s*%s?(%s))?\\s*%%?\\.?"
            .formatted(CURRENCY, UNSIGNED, CURRENCY, UNSIGNED));

    private static final Pattern SCIENTIFIC = Pattern.compile(
            "([-+]?)%s?([-+]?)(?:(%s)\\s?(?:%s\\s?10(?:\\^|\\*\\*)|(?<=[\\d])[eE])|10(?:\\^|\\*\\*))%s\\s*%%?\\.?"
                    .formatted(CURRENCY, UNSIGNED, TIMES, EXPONENT));

    Rational {
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("a denominator is above 0, not " + denominator);
        }
        BigInteger common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    /**
     * Returns the value of a text that consists of a single number. A currency sign, a full stop and a percent sign are
     * also allowed; the percent sign is dropped, as in common evaluators: 50 % is 50. Commas group by thousands. Empty
     * if the text is not a number, divides by 0, or has a power of ten above 400 or below -400.
     */
    static Optional<Rational> parse(String text) {
        String number = PlainCharacters.of(text).strip();
        if (number.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        Matcher fraction = FRACTION.matcher(number);
        if (fraction.matches()) {
            Rational above = decimal(fraction.group(3), 0).negatedIf(negative(fraction));
            return fraction.group(4) == null ? Optional.of(above) : above.dividedBy(decimal(fraction.group(4), 0));
        }
        Matcher scientific = SCIENTIFIC.matcher(number);
        if (!scientific.matches()) {
            return Optional.empty();
        }
        String digits = scientific.group(3) == null ? "1" : scientific.group(3);
        int exponent = Integer.parseInt(scientific.group(4).replaceAll("[{}]", ""));
        return Math.abs(exponent) > MOST_CHARACTERS
                ? Optional.empty()
                : Optional.of(decimal(digits, exponent).negatedIf(negative(scientific)));
    }

    private static boolean negative(Matcher signs) {
        return signs.group(1).equals("-") != signs.group(2).equals("-");
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

    private Rational negatedIf(boolean negative) {
        return negative ? negated() : this;
    }

    /** Returns the value of digits times ten to the power of an exponent. */
    private static Rational decimal(String digits, int exponent) {
        BigDecimal value = new BigDecimal(digits.replace(",", "")).scaleByPowerOfTen(exponent);
        BigDecimal whole = value.scale() < 0 ? value.setScale(0) : value;
        return new Rational(whole.unscaledValue(), BigInteger.TEN.pow(whole.scale()));
    }
}
