package org.layerwise.study.experiment;

import org.jspecify.annotations.Nullable;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;

/**
 * A run that is measured.
 *
 * @param measured on the rows that the experiment reports
 * @param predictions row by row; null where the task has none
 */
record FinalRun(Cell cell, TrainingSummary summary, Evaluation measured, @Nullable Predictions predictions) {}
