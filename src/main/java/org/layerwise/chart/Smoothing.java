package org.layerwise.chart;

/**
 * The exponential moving average that TensorBoard draws: without the pull towards 0 that the first values of a plain one
 * have.
 */
final class Smoothing {

    private final double weight;
    private double sum;
    private double weights;

    /**
     * @param weight of the past, 0 to below 1
     * @throws IllegalArgumentException if it is outside
     */
    Smoothing(double weight) {
        if (!(weight >= 0 && weight < 1)) {
            throw new IllegalArgumentException("the weight of the past must be at least 0 and below 1, not " + weight);
        }
        this.weight = weight;
    }

    /** The average once this value is in. */
    double next(double value) {
        sum = weight * sum + (1 - weight) * value;
        weights = weight * weights + (1 - weight);
        return sum / weights;
    }
}
