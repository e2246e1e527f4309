package org.layerwise.training;

import java.util.List;
import java.util.Map;

/**
 * State of an optimiser between two steps, on the host, with which a training can resume on any machine exactly as if
 * it had not been interrupted.
 *
 * @param updates number of updates so far
 * @param means running means of each parameter by its name, in the order of {@link OptimiserKind}, row-major in float32:
 *     {@code exp_avg} and {@code exp_avg_sq} of {@code torch.optim.AdamW}
 * @param lossScale factor of the losses
 */
public record OptimiserState(int updates, Map<String, List<float[]>> means, LossScale lossScale) {

    public OptimiserState {
        means = Map.copyOf(means);
    }
}
