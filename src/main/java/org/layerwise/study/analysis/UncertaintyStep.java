package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ablation.AblatedLosses;
import org.layerwise.analysis.ablation.Ablation;
import org.layerwise.analysis.adapter.AdapterEnergies;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.uncertainty.Bootstrap;
import org.layerwise.analysis.uncertainty.ExampleContributions;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.SplitHalves;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedBaseline;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.Progress;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes the uncertainty of results from the data that their computation kept, without running the model again.
 *
 * @param device device of the measures that are computed again from halves of the rows
 * @param remarks list that receives the reason if a measure has no interval or no reliability
 */
record UncertaintyStep(TensorEngine engine, Device device, AnalysisSettings settings, List<String> remarks) {

    /**
     * Data that the computation of the results kept.
     *
     * @param grams Gram matrices; null if no measure is computed from them, or they are too large
     * @param extraction representations; null if no similarity measure was requested, or the rows were not kept
     * @param scores gradient scores; null if no gradient measure was requested
     * @param losses losses of ablations; null if they were not requested
     * @param energies energies of the adapter; null if they were not requested
     */
    record Material(
            @Nullable Grams grams,
            @Nullable Extraction extraction,
            @Nullable GradientScores scores,
            @Nullable AblatedLosses losses,
            @Nullable AdapterEnergies energies) {}

    /**
     * Adds uncertainty and baselines to results if the settings request them.
     *
     * @throws org.layerwise.base.UserException if there are too few rows
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    List<MeasureResult> run(List<MeasureResult> results, Material material, Progress progress) {
        List<MeasureResult> trusted = new ArrayList<>();
        for (MeasureResult result : results) {
            double size = results.size();
            Progress part = progress.part(trusted.size() / size, (trusted.size() + 1) / size);
            Uncertainty uncertainty = null;
            Reliability reliability = null;
            if (settings.bootstrap() > 0) {
                ExampleContributions contributions = contributions(result, material);
                uncertainty = uncertainty(result, material, contributions, part.part(0, 0.4));
                reliability = reliability(result, material, contributions, part.part(0.4, 0.6));
            }
            UnrelatedSimilarity baseline =
                    settings.permutations() == 0 || material.grams() == null || !UnrelatedBaseline.has(result.measure())
                            ? null
                            : UnrelatedBaseline.of(
                                    material.grams(),
                                    result.measure(),
                                    settings.options(),
                                    settings.permutations(),
                                    settings.seed(),
                                    part.part(0.6, 1));
            trusted.add(result.with(uncertainty, baseline, reliability));
        }
        String without = results.stream()
                .map(MeasureResult::measure)
                .filter(measure -> !UnrelatedBaseline.has(measure))
                .map(Measure::id)
                .collect(Collectors.joining(", "));
        if (settings.permutations() > 0 && !without.isEmpty()) {
            remarks.add(
                    "There is no baseline of unrelated data for %s: permutations are for cka, debiased-cka and rbf-cka."
                            .formatted(without));
        }
        return trusted;
    }

    private @Nullable Uncertainty uncertainty(
            MeasureResult result, Material material, @Nullable ExampleContributions contributions, Progress progress) {
        AblatedLosses losses = material.losses();
        if (result.measure() == Ablation.MEASURE && losses != null && losses.samples() < Bootstrap.FEWEST_SAMPLES) {
            remarks.add(
                    "Ablation has no interval here, since it was measured on %s rows, and a bootstrap takes %s; use more samples."
                            .formatted(losses.samples(), Bootstrap.FEWEST_SAMPLES));
            return null;
        }
        int selected = new SelectionRule.TopRatio(settings.ratio())
                .count(result.importance().layers());
        Bootstrap bootstrap = Bootstrap.of(
                new Bootstrap.Settings(settings.bootstrap(), selected, settings.undefined(), settings.seed()));
        Bootstrap.Outcome outcome = bootstrap.run(
                result.measure(), settings.options(), result.importance(), material.grams(), contributions, progress);
        if (outcome instanceof Bootstrap.Outcome.Found found) {
            return found.uncertainty();
        }
        remarks.add(((Bootstrap.Outcome.None) outcome).reason());
        return null;
    }

    private @Nullable Reliability reliability(
            MeasureResult result, Material material, @Nullable ExampleContributions contributions, Progress progress) {
        if (!result.measure().needsRows()) {
            return null; // that there are no rows is said of the interval
        }
        Extraction extraction = material.extraction();
        SplitHalves.Outcome outcome = new SplitHalves(engine, device, SplitHalves.SPLITS, settings.seed())
                .run(
                        result.measure(),
                        settings.options(),
                        result.importance(),
                        new SplitHalves.Material(
                                material.grams(),
                                extraction == null ? null : extraction.representations(),
                                contributions),
                        progress);
        if (outcome instanceof SplitHalves.Outcome.Found found) {
            return found.reliability();
        }
        remarks.add(((SplitHalves.Outcome.None) outcome).reason());
        return null;
    }

    private static @Nullable ExampleContributions contributions(MeasureResult result, Material material) {
        LayerImportance importance = result.importance();
        Extraction extraction = material.extraction();
        GradientScores scores = material.scores();
        if (result.measure() == Cosine.MEASURE && extraction != null) {
            return ExampleContributions.ofCosines(extraction.representations(), importance);
        }
        if (result.measure() == TokenCosines.MEASURE && extraction != null) {
            return extraction.tokenCosines().map(ExampleContributions::ofTokens).orElse(null);
        }
        AblatedLosses losses = material.losses();
        if (result.measure() == Ablation.MEASURE && losses != null) {
            return ExampleContributions.ofMeans(losses.increases(), losses.tokens(), importance);
        }
        AdapterEnergies energies = material.energies();
        if (result.measure() == AdapterEnergy.MEASURE && energies != null) {
            return ExampleContributions.ofMeans(energies.layers(), energies.tokens(), importance);
        }
        if (result.measure() != GradientScores.FISHER || scores == null) {
            return null;
        }
        double @Nullable [][] squares = scores.squaredNorms();
        return squares == null ? null : ExampleContributions.ofScores(squares, scores.tokens(), importance);
    }
}
