package org.layerwise.study;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.export.AdapterVariant;

/**
 * What adapters are trained elsewhere, as the flags of {@code select} say.
 *
 * @param targetModules ends of linear modules' names; null for the family's
 * @param rank r
 * @param dropout of the adapters' input
 * @param bias {@code none}, {@code all} or {@code lora_only}
 * @param rankPattern other ranks, by the end of a module's name or a regular expression of it
 * @param alphaPattern other values of alpha, likewise
 * @param learningRate at its highest
 * @param loraPlusRatio how many times as high the learning rate of B is as that of A; null for the same
 */
public record ExportSettings(
        @Nullable List<String> targetModules,
        int rank,
        double alpha,
        double dropout,
        AdapterVariant variant,
        String bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        double learningRate,
        @Nullable Double loraPlusRatio) {

    /** What {@code train} does when nothing is said. */
    public static ExportSettings defaults() {
        return of(TrainingSettings.defaults());
    }

    /** The adapters that a training here would have. */
    public static ExportSettings of(TrainingSettings settings) {
        return new ExportSettings(
                settings.targetModules(),
                settings.rank(),
                settings.alpha(),
                settings.dropout(),
                new AdapterVariant(false, false, settings.init() == AdapterInit.PISSA, null),
                "none",
                Map.of(),
                Map.of(),
                settings.learningRate(),
                null);
    }
}
