package org.layerwise.training;

import java.util.Map;

/**
 * What an optimiser remembers between two steps, on the host, so that a training can go on elsewhere exactly as it would
 * have.
 *
 * @param updates number of updates made
 * @param moments of each parameter, by its name
 * @param lossScale what losses are multiplied with
 */
public record OptimiserState(int updates, Map<String, Moments> moments, LossScale lossScale) {

    /**
     * Running means of a parameter's gradient and of its square, row-major in float32.
     *
     * @param first {@code exp_avg} in {@code torch.optim.AdamW}
     * @param second {@code exp_avg_sq} there
     */
    public record Moments(float[] first, float[] second) {}

    public OptimiserState {
        moments = Map.copyOf(moments);
    }
}
