package org.layerwise.base.setting;

import org.layerwise.base.Decimals;

/**
 * Range of a number.
 *
 * @param low lower end, negative infinity for none
 * @param lowIncluded true if the lower end belongs to the range
 * @param high upper end, positive infinity for none
 * @param highIncluded true if the upper end belongs to the range
 * @param zeroIncluded true if 0 is allowed, wherever the ends are
 */
public record Range(double low, boolean lowIncluded, double high, boolean highIncluded, boolean zeroIncluded) {

    private static final double LARGEST_PLAIN = 1e15;

    /** All finite numbers. */
    public static final Range FINITE =
            new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false, false);

    /** Returns the range of numbers of at least {@code low}. */
    public static Range atLeast(double low) {
        return new Range(low, true, Double.POSITIVE_INFINITY, false, false);
    }

    /** Returns the range of numbers greater than {@code low}. */
    public static Range above(double low) {
        return new Range(low, false, Double.POSITIVE_INFINITY, false, false);
    }

    /** Returns this range with the upper end {@code most}, which is included. */
    public Range atMost(double most) {
        return new Range(low, lowIncluded, most, true, zeroIncluded);
    }

    /** Returns this range with the upper end {@code end}, which is excluded. */
    public Range below(double end) {
        return new Range(low, lowIncluded, end, false, zeroIncluded);
    }

    /** Returns this range with 0 allowed as well. */
    public Range orZero() {
        return new Range(low, lowIncluded, high, highIncluded, true);
    }

    /** Returns true if a number is finite and within the range. */
    public boolean contains(double value) {
        boolean within = (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
        return Double.isFinite(value) && (within || zeroIncluded && value == 0);
    }

    /** Returns the range in words that follow "must be", such as {@code above 0 and at most 1000000}. */
    public String words() {
        String zero = zeroIncluded ? "0 or " : "";
        boolean hasLow = Double.isFinite(low);
        boolean hasHigh = Double.isFinite(high);
        if (hasLow && hasHigh && lowIncluded && highIncluded) {
            return zero + "from " + plain(low) + " to " + plain(high);
        }
        if (!hasLow && !hasHigh) {
            return "a finite number";
        }
        String lower = (lowIncluded ? "at least " : "above ") + plain(low);
        String upper = (highIncluded ? "at most " : "below ") + plain(high);
        return hasLow && hasHigh ? lower + " and " + upper : hasLow ? lower : upper;
    }

    /** Returns a number without a needless fraction: {@code 1000000}, {@code 0.5}. */
    private static String plain(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        return value == Math.rint(value) && Math.abs(value) < LARGEST_PLAIN
                ? String.valueOf((long) value)
                : Decimals.shortest(value);
    }
}
