package org.layerwise.base;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as text in files: lossless, and identical on every machine and every Java version. */
public final class Decimals {

    private static final int DIGITS_OF_A_DOUBLE = 17;
    // Python's float.__repr__ leaves plain notation outside these exponents
    private static final int SMALLEST_PLAIN_EXPONENT = -4;
    private static final int LARGEST_PLAIN_EXPONENT = 15;

    private static final double LARGEST_WHOLE = 1e15;

    private Decimals() {}

    /**
     * Returns the shortest decimal number that reads back as the same double, formatted as by Python's {@code repr}:
     * {@code 0.5}, {@code 1.0}, {@code 1.4676733000587236e-14}. {@link Double#toString(double)} returns longer numbers
     * before Java 19.
     *
     * @throws IllegalArgumentException if the value is infinite or NaN
     */
    public static String shortest(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("only finite numbers have digits, not " + value);
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal number = shortestDecimal(value).stripTrailingZeros();
        String digits = number.unscaledValue().abs().toString();
        int exponent = number.precision() - number.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent < SMALLEST_PLAIN_EXPONENT || exponent > LARGEST_PLAIN_EXPONENT) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
            return sign + digits.charAt(0) + fraction + "e" + power;
        }
        String plain = number.abs().toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /** Returns a number as a sentence says it: {@code 2}, {@code 0.5}, {@code 1E-7}, {@code NaN}. */
    public static String plain(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
                ? String.valueOf((long) value)
                : new BigDecimal(shortest(value)).stripTrailingZeros().toString();
    }

    /**
     * Returns a value rounded to a number of significant digits, half up. All digits before the decimal point are kept.
     *
     * @throws NumberFormatException if the value is infinite or NaN
     */
    public static BigDecimal rounded(double value, int digits) {
        BigDecimal exact = new BigDecimal(value);
        return exact.round(new MathContext(Math.max(digits, exact.precision() - exact.scale())));
    }

    private static BigDecimal shortestDecimal(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DIGITS_OF_A_DOUBLE; digits++) {
            // next to a power of two the nearest number with so many digits may read back as another double, while the
            // next one reads back as this double
            BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean downReadsBack = down.doubleValue() == value;
            boolean upReadsBack = up.doubleValue() == value;
            if (downReadsBack && upReadsBack) {
                return exact.subtract(down).abs().compareTo(up.subtract(exact).abs()) <= 0 ? down : up;
            }
            if (downReadsBack || upReadsBack) {
                return downReadsBack ? down : up;
            }
        }
        return exact.round(new MathContext(DIGITS_OF_A_DOUBLE, RoundingMode.HALF_EVEN));
    }
}
