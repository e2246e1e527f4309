package org.layerwise.study.experiment;

import org.jspecify.annotations.Nullable;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * Final run of an experiment.
 *
 * @param cell arm, learning rate and seed
 * @param summary summary of the run
 * @param own evaluation by the run itself, on the rows that the experiment reports
 * @param measured evaluation that the experiment reports: with the metrics of the predictions, if there are any
 * @param predictions predictions by row; null if the task has none
 * @param rows results by row from which the compared metric of any rows can be computed; null if there are none
 */
record FinalRun(
        Cell cell,
        TrainingSummary summary,
        Evaluation own,
        Evaluation measured,
        @Nullable Predictions predictions,
        @Nullable RowMetrics rows) {}
