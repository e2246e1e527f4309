package org.layerwise.chart.style;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.layerwise.base.Decimals;

/** Formats numbers for charts and the window, half up, with a decimal point in every locale. */
public final class ChartNumbers {

    private static final int SIGNIFICANT = 3;
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e7;

    private ChartNumbers() {}

    /** Formats a value with two decimals and a true minus sign, such as {@code −0.31}. */
    public static String hundredths(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
        return (rounded.signum() < 0 ? "−" : "") + rounded.abs().toPlainString();
    }

    /**
     * Formats a fraction of 1 as a percentage. One decimal is added where the percentage would otherwise be rounded to
     * 0 or 100: {@code 97 %}, {@code 99.9 %}.
     */
    public static String percent(double part) {
        double percent = 100 * part;
        boolean nearAnEnd = percent > 0 && percent < 1 || percent > 99 && percent < 100;
        BigDecimal rounded = BigDecimal.valueOf(percent).setScale(nearAnEnd ? 1 : 0, RoundingMode.HALF_UP);
        return rounded.stripTrailingZeros().toPlainString() + " %";
    }

    /**
     * Formats a value with three significant digits and all digits before the point: {@code 0.617}, {@code 0.0512},
     * {@code 1.00}, {@code 12345}, {@code 1.47e-14}.
     */
    public static String three(double value) {
        if (value == 0) {
            return "0";
        }
        boolean plain = Math.abs(value) >= SMALLEST_PLAIN && Math.abs(value) < LARGEST_PLAIN;
        BigDecimal rounded = plain
                ? Decimals.rounded(value, SIGNIFICANT)
                : new BigDecimal(value).round(new MathContext(SIGNIFICANT, RoundingMode.HALF_UP));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (!plain) {
            BigDecimal mantissa = rounded.movePointLeft(exponent).setScale(SIGNIFICANT - 1, RoundingMode.UNNECESSARY);
            return mantissa.toPlainString() + "e" + exponent;
        }
        return rounded.setScale(Math.max(0, SIGNIFICANT - 1 - exponent), RoundingMode.HALF_UP)
                .toPlainString();
    }
}
