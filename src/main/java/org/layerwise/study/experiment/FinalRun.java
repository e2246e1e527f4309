package org.layerwise.study.experiment;

import org.jspecify.annotations.Nullable;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;

/**
 * Final run of an experiment.
 *
 * @param cell arm, learning rate and seed
 * @param summary summary of the run
 * @param measured evaluation on the rows that the experiment reports
 * @param predictions predictions by row; null if the task has none
 */
record FinalRun(Cell cell, TrainingSummary summary, Evaluation measured, @Nullable Predictions predictions) {}
