package org.layerwise.study.demo;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.analysis.Analysis;

/**
 * Results of the demo.
 *
 * @param analysis analysis of the sample model on the sample task "definitions"
 * @param full LoRA on all layers
 * @param selected LoRA on the selected half of the layers
 * @param test test of the two accuracies on the validation rows; the first is that of all layers
 * @param selection file of the selection
 * @param lines report of these results for people
 */
public record DemoReport(
        Analysis analysis,
        TrainingSummary full,
        TrainingSummary selected,
        McNemar test,
        Path selection,
        List<String> lines) {}
