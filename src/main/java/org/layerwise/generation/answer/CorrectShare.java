package org.layerwise.generation.answer;

/**
 * A proportion of correct answers.
 *
 * @param count number of correct answers
 * @param of number of all answers, at least 1
 */
public record CorrectShare(long count, long of) {

    /** 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    public CorrectShare {
        if (of < 1 || count < 0 || count > of) {
            throw new IllegalArgumentException("%s of %s".formatted(count, of));
        }
    }

    /** Returns the proportion, 0 to 1. */
    public double value() {
        return (double) count / of;
    }

    /** Returns the lower end of Wilson's 95 % interval (Wilson, 1927). */
    public double low() {
        return count == 0 ? 0 : centre() - halfWidth();
    }

    /** Returns the upper end of Wilson's 95 % interval (Wilson, 1927). */
    public double high() {
        return count == of ? 1 : centre() + halfWidth();
    }

    private double centre() {
        return (value() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    private double halfWidth() {
        double p = value();
        return Z * Math.sqrt(p * (1 - p) / of + Z * Z / (4.0 * of * of)) / (1 + Z * Z / of);
    }
}
