package org.layerwise.study.training;

import org.layerwise.study.model.LabelledData;

/**
 * Rows that are used only for evaluation.
 *
 * @param prefix prefix of the metrics' names: {@code eval}, {@code test}, or {@code eval_NAME} for a second file
 */
public record EvaluationSet(String prefix, LabelledData rows) {}
