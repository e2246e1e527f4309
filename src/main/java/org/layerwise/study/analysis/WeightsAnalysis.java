package org.layerwise.study.analysis;

import java.util.List;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.Provenance;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;

/** Ranks the layers of a model by measures that need no data. */
public record WeightsAnalysis(Workbench workbench, OpenModel model, AnalysisSettings settings) {

    /** Name of the task in file names, if there is no other. */
    static final String TASK = "weights";

    /** Share of the progress for the computation; the rest identifies the model. */
    private static final double COMPUTED = 0.98;

    /**
     * Refuses measures of the weights for a model with an adapter.
     *
     * @throws UserException if there is such a measure; the message names it
     */
    public static void requireNone(AnalysisSettings settings) {
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
        List<MeasureResult> results = new WeightsStep(workbench, model, settings).run(progress.part(0, COMPUTED));
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                model.card().kinds(),
                TASK,
                settings.name() == null ? TASK : settings.name(),
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
                        null,
                        Versions.of(workbench.engine(), model),
                        Provenance.now(),
                        (System.nanoTime() - start) / 1e9),
                List.of(),
                null);
    }
}
