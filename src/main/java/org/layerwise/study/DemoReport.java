package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;

/**
 * What the demo found.
 *
 * @param analysis of the sample model on the definitions
 * @param full LoRA on all layers
 * @param selected LoRA on the selected half
 * @param selection where the selection was saved
 * @param lines the same as a report for people
 */
public record DemoReport(
        Analysis analysis, TrainingSummary full, TrainingSummary selected, Path selection, List<String> lines) {}
