package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.Provenance;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;

/**
 * Ranks the layers of a model by measures that need no data: of its weights, or of an adapter's.
 *
 * @param adapter folder of the adapter; null for none
 */
public record WeightsAnalysis(Workbench workbench, OpenModel model, AnalysisSettings settings, @Nullable Path adapter) {

    /** Name of the task in file names, if there is no other. */
    static final String TASK = "weights";

    private static final String ADAPTER_TASK = "adapter";

    /** Share of the progress for the computation; the rest identifies the model. */
    private static final double COMPUTED = 0.98;

    /** Share of the computation for loading the adapter. */
    private static final double LOADED = 0.2;

    /**
     * Creates an analysis.
     *
     * @throws UserException if there is an adapter, and a measure is of the weights in the model's files, or there is none,
     *     and a measure is of one
     */
    public WeightsAnalysis {
        requireFitting(settings, adapter);
    }

    /**
     * Refuses measures of the weights for a model with an adapter, and measures of an adapter for one without.
     *
     * @throws UserException if there is such a measure; the message names it
     */
    public static void requireFitting(AnalysisSettings settings, @Nullable Path adapter) {
        AdapterStep.requireAdapter(settings, adapter);
        if (adapter != null) {
            requireNone(settings);
        }
    }

    /**
     * Refuses measures of the weights for a model with an adapter.
     *
     * @throws UserException if there is such a measure; the message names it
     */
    static void requireNone(AnalysisSettings settings) {
        for (Measure measure : settings.measures()) {
            if (measure.source() == Measure.Source.WEIGHTS) {
                throw new UserException(
                        "%s comes from the weights in the model's files, which the adapter does not change; leave it out, or merge the adapter and analyze the result."
                                .formatted(measure.id()));
            }
        }
    }

    /**
     * Computes the analysis.
     *
     * @throws org.layerwise.base.UserException if a weight is missing or cannot be read
     * @throws org.layerwise.base.CancelledException if cancelled
     * @throws IllegalArgumentException if a measure needs data
     */
    public Analysis run(Progress progress) {
        if (!settings.needsNoData()) {
            throw new IllegalArgumentException("a measure needs data");
        }
        long start = System.nanoTime();
        List<String> remarks = new ArrayList<>();
        List<MeasureResult> results = new UncertaintyStep(workbench.engine(), model.computeDevice(), settings, remarks)
                .run(
                        adapter == null
                                ? new WeightsStep(workbench, model, settings).run(progress.part(0, COMPUTED))
                                : ofAdapter(adapter, remarks, progress.part(0, COMPUTED)),
                        new UncertaintyStep.Material(null, null, null, null, null),
                        progress.part(COMPUTED, COMPUTED));
        String task = adapter == null ? TASK : ADAPTER_TASK;
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                model.card().kinds(),
                task,
                settings.name() == null ? task : settings.name(),
                null,
                0,
                0,
                results,
                null,
                settings,
                null,
                new Provenance(
                        model.reference(),
                        model.identity(progress.part(COMPUTED, 1)),
                        null,
                        null,
                        adapter == null ? null : adapter.toString(),
                        Versions.of(workbench.engine(), model),
                        Provenance.now(),
                        (System.nanoTime() - start) / 1e9),
                remarks,
                null);
    }

    private List<MeasureResult> ofAdapter(Path folder, List<String> remarks, Progress progress) {
        try (AdaptedModel adapted = AdaptedModel.load(
                model.model(), PeftAdapter.read(folder, workbench.engine(), progress), 0, progress.part(0, LOADED))) {
            adapted.remark().ifPresent(remarks::add);
            AdapterStep.Outcome outcome =
                    new AdapterStep(adapted, settings).run(Optional.empty(), progress.part(LOADED, 1));
            model.requireUnchanged();
            remarks.addAll(outcome.remarks());
            return outcome.results();
        }
    }
}
