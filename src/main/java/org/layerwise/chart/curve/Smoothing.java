package org.layerwise.chart.curve;

/**
 * Exponential moving average as TensorBoard computes it. It has no bias towards 0 in the first values, unlike a plain
 * exponential moving average.
 */
final class Smoothing {

    private final double weight;
    private double sum;
    private double weights;

    /**
     * Creates an average without values.
     *
     * @param weight weight of the past, from 0 to below 1
     * @throws IllegalArgumentException if the weight is below 0, or 1 or more
     */
    Smoothing(double weight) {
        if (!(weight >= 0 && weight < 1)) {
            throw new IllegalArgumentException("the weight of the past must be at least 0 and below 1, not " + weight);
        }
        this.weight = weight;
    }

    /** Adds a value and returns the new average. */
    double next(double value) {
        sum = weight * sum + (1 - weight) * value;
        weights = weight * weights + (1 - weight);
        return sum / weights;
    }
}
