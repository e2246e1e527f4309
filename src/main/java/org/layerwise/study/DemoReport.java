package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.analysis.uncertainty.McNemar;

/**
 * What the demo found.
 *
 * @param analysis of the sample model on the definitions
 * @param full LoRA on all layers
 * @param selected LoRA on the selected half
 * @param test of the two accuracies on the validation rows; all layers come first
 * @param selection where the selection was saved
 * @param lines the same as a report for people
 */
public record DemoReport(
        Analysis analysis,
        TrainingSummary full,
        TrainingSummary selected,
        McNemar test,
        Path selection,
        List<String> lines) {}
