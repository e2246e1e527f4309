package org.layerwise.training;

import java.util.List;
import org.layerwise.tensor.Tensor;

/**
 * Formula by which an optimiser changes weights. A new one is a class that implements this interface, and a constant of
 * {@link OptimiserKind}.
 */
@FunctionalInterface
interface UpdateRule {

    /**
     * Changes weights and means in place.
     *
     * @param learningRate learning rate of this update, above 0
     * @param weightDecay decoupled weight decay, relative to the learning rate
     * @param update number of this update, 1 for the first
     */
    void apply(Group group, double learningRate, double weightDecay, int update);

    /**
     * Weights that are updated together.
     *
     * @param gradients gradients of the weights, in the same order and shapes
     * @param means running means in the order of {@link OptimiserKind#means()}, each in the order and shapes of the
     *     weights, 0 before the first update
     */
    record Group(List<Tensor> weights, List<Tensor> gradients, List<List<Tensor>> means) {}
}
