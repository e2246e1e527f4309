package org.layerwise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.lora.PeftAdapter.HostTensor;

/**
 * State with which a training can resume as if it had never stopped, on the host in float32. It contains no random
 * numbers: {@link StepGradient} makes those of a step from the seed and the number of the step. It contains no position
 * in the data: the order of an epoch's rows also comes from the seed, and the number of the step gives the epoch and
 * the batch.
 *
 * @param step number of completed steps
 * @param seconds time of these steps, without pauses and evaluations
 * @param lastLoss loss of the last step, before its update; NaN if there was none
 * @param weights all trained tensors, by their names in {@link org.layerwise.lora.Parameter}
 * @param optimiser state of the optimiser
 * @param prefixCached true if the outputs of frozen layers are kept from epoch to epoch; the last bits of later losses
 *     depend on it
 */
public record TrainerState(
        int step,
        double seconds,
        double lastLoss,
        Map<String, HostTensor> weights,
        OptimiserState optimiser,
        boolean prefixCached) {

    public TrainerState {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
