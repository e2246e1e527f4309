package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.ablation.AblatedLosses;
import org.layerwise.analysis.ablation.Ablation;
import org.layerwise.analysis.ablation.AblationTask;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** Ranks layers by the loss over labelled rows with the update of one layer scaled down. */
record AblationStep(TensorEngine engine, AnalysisSettings settings) {

    private static final double FITTED = 0.1;

    /**
     * Result of ablation.
     *
     * @param remarks sentences that a reader of the result must know
     * @param losses losses of the measured rows
     */
    record Outcome(MeasureResult result, List<String> remarks, AblatedLosses losses) {}

    /**
     * Computes the importance of the layers.
     *
     * @param adapted model with adapters and the head that was trained with them; empty for the unchanged model
     * @param position token that stands for a row where a head is fitted
     * @throws org.layerwise.base.UserException if labels are missing or do not fit the model, or are too few
     */
    Outcome run(
            TransformerModel model,
            Optional<AdaptedModel> adapted,
            TokenizedDataset data,
            Position position,
            Progress progress) {
        try (TensorOwner owner = engine.owner()) {
            Transformer transformer = adapted.map(AdaptedModel::transformer).orElse(model.transformer());
            AblationTask task = adapted.isPresent()
                    ? AblationTask.of(data, adapted.get().head())
                    : AblationTask.of(
                            model, transformer, data, position, owner, settings.seed(), progress.part(0, FITTED));
            AblatedLosses losses = new Ablation(model, transformer)
                    .compute(task.data(), task.loss(), settings.options().ablationFactor(), progress.part(FITTED, 1));
            List<String> remarks = new ArrayList<>();
            adapted.flatMap(AdaptedModel::remark).ifPresent(remarks::add);
            task.remark().ifPresent(remarks::add);
            remarks.add(String.format(
                    Locale.ROOT,
                    "The loss of the unchanged model, from which ablation counts, is %.4g%s.",
                    losses.loss(),
                    task.loss() instanceof ExampleLoss.OfNumber ? " (mean squared error)" : " nats"));
            return new Outcome(
                    new MeasureResult(Ablation.MEASURE, null, losses.importance(), null, null), remarks, losses);
        }
    }
}
