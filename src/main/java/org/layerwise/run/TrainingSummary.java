package org.layerwise.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.Evaluation;

/**
 * Summary of a training.
 *
 * @param folder folder of the run
 * @param cancelled true if the training was stopped before its last step
 * @param stoppedEarly true if the training ended before its last step because the metric did not improve
 * @param steps number of completed steps
 * @param adapterStep step after which the adapter was saved that is kept, and that {@code after} and {@code test} are of
 * @param cutRows number of training rows whose text was truncated
 * @param layers 0-based layers with adapters
 * @param adapterParameters number of trained parameters in the adapters
 * @param trainableParameters number of trained parameters in the adapters and the head
 * @param totalParameters number of parameters of the base model, the adapters and the head together
 * @param before evaluation on the validation rows before training; null if there are no validation rows
 * @param after evaluation on the validation rows after training; null if there are no validation rows
 * @param test evaluation on the test rows; null if there are no test rows
 * @param finalLoss loss of the last step before its update; NaN if there was no step
 * @param seconds seconds of all steps, without evaluations
 * @param secondsPerStep median of the seconds per step
 * @param peakMemoryBytes peak memory during the training, of the subject that {@link PeakMemorySource} tells; 0 if the operating
 *     system does not report it
 */
public record TrainingSummary(
        Path folder,
        boolean cancelled,
        boolean stoppedEarly,
        int steps,
        int adapterStep,
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

    /** Name of the validation rows. */
    public static final String VALIDATION = "validation";

    /** Name of the test rows. */
    public static final String TEST = "test";

    /** Returns the summary of a run in another folder that is equal to this one. */
    public TrainingSummary in(Path other) {
        return derived(other, layers, adapterParameters, trainableParameters, totalParameters, after, test);
    }

    /**
     * Returns the summary of a run whose adapter was made from that of this one, without a training.
     *
     * @param remaining 0-based layers that have adapters
     * @param ofAdapter number of parameters in the adapters
     * @param trainable number of parameters of the adapters and of the head
     * @param total number of parameters of the model with the adapters
     * @param validated evaluation on the validation rows; null if there are none
     * @param tested evaluation on the test rows; null if there are none
     */
    public TrainingSummary derived(
            Path other,
            SortedSet<Integer> remaining,
            long ofAdapter,
            long trainable,
            long total,
            @Nullable Evaluation validated,
            @Nullable Evaluation tested) {
        return new TrainingSummary(
                other,
                cancelled,
                stoppedEarly,
                steps,
                adapterStep,
                cutRows,
                remaining,
                ofAdapter,
                trainable,
                total,
                before,
                validated,
                tested,
                finalLoss,
                seconds,
                secondsPerStep,
                peakMemoryBytes);
    }

    /** Returns true if the adapter of an earlier step than the last one was kept. */
    public boolean keptEarlier() {
        return adapterStep < steps;
    }

    /** Returns the existing evaluations by the name of their rows, in the order in which they were made. */
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
