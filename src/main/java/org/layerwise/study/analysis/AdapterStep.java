package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                        "%s measures an adapter, and none is named; give its folder with layerwise analyze --adapter DIR, or leave the measure out."
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
            List<MeasureResult> results = new ArrayList<>();
            List<String> remarks = new ArrayList<>();
            AdapterEnergies energies = null;
            for (Measure measure : settings.measures()) {
                if (measure == AdapterNorm.MEASURE) {
                    results.add(of(measure, each(updates, AdapterNorm::of, progress)));
                } else if (measure == AdapterRank.MEASURE) {
                    results.add(of(measure, each(updates, AdapterRank::of, progress)));
                    if (adapted.config().variant().decomposed()) {
                        remarks.add(
                                "adapter-rank is that of the product of low rank alone: the magnitudes of DoRA rescale"
                                        + " the rows of the weights, which changes them in all directions.");
                    }
                } else if (measure == AdapterEnergy.MEASURE) {
                    energies = new AdapterEnergy(adapted.base(), adapted.transformer())
                            .compute(updates.layers(), data.orElseThrow(), progress.part(WEIGHED, 1));
                    results.add(of(measure, energies.modules()));
                }
            }
            if (!updates.outside().isEmpty()) {
                remarks.add("The adapter also changes %s, which is in no layer and is not measured."
                        .formatted(String.join(", ", updates.outside())));
            }
            return new Outcome(results, remarks, energies);
        }
    }

    private MeasureResult of(Measure measure, ModuleImportance modules) {
        return MeasureResult.of(measure, modules, adapted.base().config().layers());
    }

    private ModuleImportance each(AdapterUpdates updates, ToDoubleFunction<AdapterUpdate> value, Progress progress) {
        List<ModuleImportance.Module> modules = new ArrayList<>();
        for (AdapterUpdate update : updates.layers()) {
            progress.check();
            progress.report(
                    WEIGHED * modules.size() / updates.layers().size(),
                    "Singular values of the change of %s".formatted(update.module()));
            try (Scope scope = adapted.base().engine().inference()) {
                modules.add(new ModuleImportance.Module(
                        update.module(), update.type(), update.layer(), value.applyAsDouble(update)));
            }
        }
        return new ModuleImportance(modules);
    }
}
