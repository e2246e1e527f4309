package org.layerwise.study.analysis;

import java.util.Optional;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.analysis.inputs.InputVariances;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.selection.RankBudget;
import org.layerwise.settings.AnalysisSettings;

/** Ranks linear maps and layers by the variance of the inputs of linear maps. */
record InputsStep(AnalysisSettings settings) {

    // maximum share of the free memory for covariances
    private static final double MEMORY_SHARE = 0.25;

    /**
     * Computes the importance of linear maps and layers.
     *
     * @param adapted model with adapters; empty for the unchanged model
     * @param free free memory of the device in bytes
     * @throws org.layerwise.base.UserException if there are too few tokens, or an input is not finite
     */
    MeasureResult run(
            TransformerModel model,
            Optional<AdaptedModel> adapted,
            TokenizedDataset data,
            long free,
            Progress progress) {
        int components = settings.options().evaComponents();
        InputVariances variances = new ExplainedVariance(
                        model, adapted.map(AdaptedModel::transformer).orElse(model.transformer()))
                .compute(data, components, (long) (MEMORY_SHARE * free), progress);
        return MeasureResult.of(
                ExplainedVariance.MEASURE,
                variances.importance(components),
                variances.modules(RankBudget.DEFAULT_MAX_RANK),
                model.config().layers());
    }
}
