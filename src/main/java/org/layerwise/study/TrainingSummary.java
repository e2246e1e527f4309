package org.layerwise.study;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.Evaluation;

/**
 * What came of a training.
 *
 * @param folder the run folder
 * @param cancelled whether it was stopped before its last step
 * @param steps taken in full
 * @param cutRows training rows whose text was longer than the limit
 * @param adapterParameters trained numbers in the adapters
 * @param trainableParameters the same with the head
 * @param totalParameters of the base model, the adapters and the head together
 * @param before on the validation rows; null if there are none
 * @param after on the validation rows; null if there are none
 * @param test on the test rows; null if there are none
 * @param finalLoss of the last step, before its update; NaN if there was none
 * @param seconds of the steps, without evaluations
 * @param secondsPerStep the median
 * @param peakMemoryBytes of the process while it trained; 0 where the system does not tell
 */
public record TrainingSummary(
        Path folder,
        boolean cancelled,
        int steps,
        int cutRows,
        SortedSet<Integer> layers,
        long adapterParameters,
        long trainableParameters,
        long totalParameters,
        @Nullable Evaluation before,
        @Nullable Evaluation after,
        @Nullable Evaluation test,
        double finalLoss,
        double seconds,
        double secondsPerStep,
        long peakMemoryBytes) {

    /** The name of the validation rows. */
    public static final String VALIDATION = "validation";

    /** The name of the test rows. */
    public static final String TEST = "test";

    /** The evaluations that there are, by the name of their rows, in the order in which they were made. */
    public Map<String, Evaluation> results() {
        Map<String, Evaluation> results = new LinkedHashMap<>();
        if (before != null) {
            results.put("validation, before training", before);
        }
        if (after != null) {
            results.put(VALIDATION, after);
        }
        if (test != null) {
            results.put(TEST, test);
        }
        return results;
    }
}
