package org.layerwise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.lora.PeftAdapter.HostTensor;

/**
 * All that a training needs to go on as if it had never stopped, on the host in float32. Random numbers are not part of it:
 * {@link StepGradient} makes those of a step from the seed and the step's number. Nor is the place in the data: the order of an
 * epoch's rows comes from the seed, too, and the step tells the epoch and the batch.
 *
 * @param step how many were taken in full
 * @param seconds that they took, pauses and evaluations left out
 * @param lastLoss of the last step, before its update; NaN if there was none
 * @param weights everything that is trained, by its name in {@link org.layerwise.lora.Parameter}
 * @param optimiser the optimiser's memory
 */
public record TrainerState(
        int step, double seconds, double lastLoss, Map<String, HostTensor> weights, OptimiserState optimiser) {

    public TrainerState {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
