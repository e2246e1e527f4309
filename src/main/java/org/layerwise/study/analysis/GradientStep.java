package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.gradient.GradientImportance;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.gradient.GradientTask;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** Ranks layers by the gradients of a loss over labelled rows with respect to the weights that LoRA would adapt. */
record GradientStep(TensorEngine engine, AnalysisSettings settings) {

    // maximum share of the free memory for the gradients of all target weights
    private static final double MEMORY_SHARE = 0.25;

    /**
     * Result of the gradient measures.
     *
     * @param results results of the gradient measures, in the settings' order
     * @param remarks sentences that a reader of the results must know
     */
    record Outcome(List<MeasureResult> results, List<String> remarks, GradientScores scores) {}

    /**
     * Computes the gradient measures.
     *
     * @param adapted model with adapters and the head that was trained with them; empty for the unchanged model
     * @param free free memory of the device in bytes
     * @throws org.layerwise.base.UserException if labels are missing or do not fit the model
     */
    Outcome run(
            TransformerModel model,
            Optional<AdaptedModel> adapted,
            TokenizedDataset data,
            long free,
            Progress progress) {
        Set<Measure> wanted = settings.measures().stream()
                .filter(measure -> measure.source() == Measure.Source.GRADIENTS)
                .collect(Collectors.toSet());
        try (TensorOwner owner = engine.owner()) {
            GradientTask task = adapted.isPresent()
                    ? GradientTask.of(data, adapted.get().head())
                    : GradientTask.of(model, data, owner, settings.seed());
            GradientScores scores = new GradientImportance(
                            model, adapted.map(AdaptedModel::transformer).orElse(model.transformer()))
                    .compute(
                            data,
                            task.loss(),
                            model.targets(new TreeSet<>(model.allLayers()), model.defaultTargets()),
                            wanted,
                            (long) (MEMORY_SHARE * free),
                            progress);
            List<MeasureResult> results = new ArrayList<>();
            for (Measure measure : settings.measures()) {
                if (measure.source() == Measure.Source.GRADIENTS) {
                    LayerImportance importance = scores.of(measure).orElseThrow();
                    results.add(new MeasureResult(measure, null, importance, null, null));
                }
            }
            List<String> remarks = new ArrayList<>();
            adapted.flatMap(AdaptedModel::remark).ifPresent(remarks::add);
            task.remark().ifPresent(remarks::add);
            return new Outcome(results, remarks, scores);
        }
    }
}
