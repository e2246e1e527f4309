package org.layerwise.testing;

import java.util.Arrays;

/**
 * How far the hidden states of two implementations may be apart that both compute in float32, on whatever processors.
 *
 * <p>The error of a sum of n products, in any order, is about {@code sqrt(n)} units of rounding (Higham and Mary, SIAM Journal on
 * Scientific Computing 41(5), 2019), relative to the size of the state; in each layer a number goes through some sixteen such sums
 * one after the other (norms, projections, attention or a recurrence, gates), and the errors of the layers and of both
 * implementations add up.
 */
public final class Float32Limit {

    /** Half of the distance between 1 and the next number of float32. */
    private static final double UNIT = Math.pow(2, -24);

    private static final int SUMS_OF_A_LAYER = 16;
    private static final int IMPLEMENTATIONS = 2;

    private Float32Limit() {}

    /**
     * The limit in absolute terms.
     *
     * @param layers number of layers that made the numbers, the embeddings counting as one
     * @param width numbers of a token
     * @param expected the whole state, whose largest number is its size
     */
    public static double of(int layers, int width, double[] expected) {
        double size = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        return IMPLEMENTATIONS * SUMS_OF_A_LAYER * Math.max(1, layers) * Math.sqrt(width) * UNIT * size;
    }
}
