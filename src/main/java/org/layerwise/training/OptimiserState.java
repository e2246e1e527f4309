package org.layerwise.training;

import java.util.Map;

/**
 * State of an optimiser between two steps, on the host, with which a training can resume on any machine exactly as if
 * it had not been interrupted.
 *
 * @param updates number of updates so far
 * @param moments moments of each parameter, by its name
 * @param lossScale factor of the losses
 */
public record OptimiserState(int updates, Map<String, Moments> moments, LossScale lossScale) {

    /**
     * Running means of a parameter's gradient and of its square, row-major in float32.
     *
     * @param first {@code exp_avg} in {@code torch.optim.AdamW}
     * @param second {@code exp_avg_sq} in {@code torch.optim.AdamW}
     */
    public record Moments(float[] first, float[] second) {}

    public OptimiserState {
        moments = Map.copyOf(moments);
    }
}
