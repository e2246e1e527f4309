package org.layerwise.generation.answer;

/**
 * How many of some are right.
 *
 * @param count the right ones
 * @param of all, at least 1
 */
public record Proportion(long count, long of) {

    /** The standard normal distribution's 97.5 % point. */
    private static final double Z = 1.959963984540054;

    public Proportion {
        if (of < 1 || count < 0 || count > of) {
            throw new IllegalArgumentException("%s of %s".formatted(count, of));
        }
    }

    /** The share, 0 to 1. */
    public double value() {
        return (double) count / of;
    }

    /** The lower end of Wilson's 95 % interval (Wilson, 1927). */
    public double low() {
        return count == 0 ? 0 : centre() - halfWidth();
    }

    /** Its upper end. */
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
