package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.adapter.AdapterEnergies;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.adapter.AdapterUpdate;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdapterUpdates;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.tensor.Scope;

/** Ranks layers by an adapter: how far it changes their weights, and how much it adds on rows of data. */
record AdapterStep(AdaptedModel adapted, AnalysisSettings settings) {

    /** Measures that need the adapter's weights alone. */
    private static final Map<Measure, ToDoubleFunction<AdapterUpdate>> OF_WEIGHTS =
            Map.of(AdapterNorm.MEASURE, AdapterNorm::of, AdapterRank.MEASURE, AdapterRank::of);

    /** Share of the progress for the measures of the weights, if rows are needed too. */
    private static final double WEIGHED = 0.2;

    /**
     * Result of the measures of the adapter.
     *
     * @param results results in the settings' order
     * @param remarks sentences that a reader of the results must know
     * @param energies energies on the rows; null if not requested
     */
    record Outcome(List<MeasureResult> results, List<String> remarks, @Nullable AdapterEnergies energies) {}

    /**
     * Requires an adapter for measures of one.
     *
     * @param adapter folder of the adapter; null for none
     * @throws UserException if there is such a measure and no adapter; the message names the measure
     */
    static void requireAdapter(AnalysisSettings settings, @Nullable Path adapter) {
        if (adapter != null) {
            return;
        }
        for (Measure measure : settings.measures()) {
            if (measure.source() == Measure.Source.ADAPTER) {
                throw new UserException(
                        "%s measures an adapter, and none is chosen; choose its folder (--adapter DIR on the command line), or leave the measure out."
                                .formatted(measure.id()));
            }
        }
    }

    /**
     * Computes the measures of the settings that need an adapter.
     *
     * @param data rows; empty if no measure needs any
     * @throws UserException if the energy of experts is requested, or a value is not finite
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    Outcome run(Optional<TokenizedDataset> data, Progress progress) {
        try (Scope scope = adapted.base().engine().inference()) {
            AdapterUpdates updates = AdapterUpdates.of(adapted);
            List<String> remarks = new ArrayList<>();
            Map<Measure, ModuleImportance> values = new LinkedHashMap<>();
            List<Measure> ofWeights =
                    settings.measures().stream().filter(OF_WEIGHTS::containsKey).toList();
            boolean energy = settings.measures().contains(AdapterEnergy.MEASURE);
            double weighed = !energy ? 1 : ofWeights.isEmpty() ? 0 : WEIGHED;
            for (Measure measure : ofWeights) {
                double share = weighed / ofWeights.size();
                Progress part = progress.part(values.size() * share, (values.size() + 1) * share);
                values.put(
                        measure,
                        AdapterUpdate.measure(
                                updates.layers(),
                                Objects.requireNonNull(OF_WEIGHTS.get(measure)),
                                adapted.base().engine(),
                                part));
            }
            if (values.containsKey(AdapterRank.MEASURE)
                    && adapted.config().variant().decomposed()) {
                remarks.add("adapter-rank is that of the product of low rank alone: the magnitudes of DoRA rescale"
                        + " the rows of the weights, which changes them in all directions.");
            }
            AdapterEnergies energies = energy
                    ? new AdapterEnergy(adapted.base(), adapted.transformer())
                            .compute(updates.layers(), data.orElseThrow(), progress.part(weighed, 1))
                    : null;
            if (energies != null) {
                values.put(AdapterEnergy.MEASURE, energies.modules());
            }
            List<MeasureResult> results = new ArrayList<>();
            for (Measure measure : settings.measures()) {
                ModuleImportance modules = values.get(measure);
                if (modules != null) {
                    results.add(MeasureResult.of(
                            measure, modules, adapted.base().config().layers()));
                }
            }
            if (!updates.outside().isEmpty()) {
                remarks.add("The adapter also changes %s, which is in no layer and is not measured."
                        .formatted(String.join(", ", updates.outside())));
            }
            return new Outcome(results, remarks, energies);
        }
    }
}
