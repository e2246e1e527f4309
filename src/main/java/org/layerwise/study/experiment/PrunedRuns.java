package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.base.Decimals;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.data.Excerpt;
import org.layerwise.run.DerivedRun;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.selection.LayerList;
import org.layerwise.study.adapter.PrunedAdapter;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.evaluation.EvaluationSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;

/**
 * Makes the final runs of {@link Arm#PRUNED}: of the adapter of the run on all layers with the same seed, the layers with
 * the most energy on the training rows stay. Nothing is trained. The folder of such a run has the files of a finished run.
 *
 * @param runs runs of the experiment
 * @param count number of layers that stay
 * @param reason reason for these layers, in words that follow "They were chosen"
 * @param here model that measures the layers and the rows
 */
record PrunedRuns(ExperimentRuns runs, int count, String reason, LocalModel here) {

    private static final double OPENED = 0.1;
    private static final double RANKED = 0.4;
    private static final double WRITTEN = 0.5;
    private static final double VALIDATED = 0.5;

    /** Returns the run on all layers that a pruned one is made from. */
    static Cell source(Cell pruned) {
        return new Cell(Arm.ALL, pruned.rate(), pruned.seed(), pruned.purpose());
    }

    /** Returns the arm in the words of a plan. */
    static String words(ExperimentSettings settings) {
        return "%s of the same seed, by %s to ratio %s, without training"
                .formatted(
                        Arm.ALL.id(),
                        AdapterEnergy.MEASURE.id(),
                        Decimals.shortest(settings.analysis().ratio()));
    }

    /**
     * Returns the summary of a pruned run. The run is made if it is missing, or not of the adapter that is there now.
     *
     * @param whole summary of the run on all layers
     * @throws UserException if the adapter cannot be read or has too few layers with an energy, or the rows have changed
     * @throws org.layerwise.base.CancelledException if cancelled; no folder is left
     */
    TrainingSummary run(Cell cell, TrainingSummary whole, Progress progress, ExperimentListener listener) {
        Run source = runs.run(source(cell));
        Path folder = runs.folder(cell);
        if (PruningOrigin.isOf(folder, source, count)) {
            return runs.run(cell).summary().orElseThrow();
        }
        if (Files.exists(folder)) {
            listener.noted("The run in %s is made anew: it is not known to be of the adapter in %s."
                    .formatted(folder, source.adapter()));
        }
        OpenModel model = here.get(progress.part(0, OPENED));
        String adapter = FileHash.ofAdapter(source.adapter());
        SortedSet<Integer> kept = kept(model, source, progress.part(OPENED, RANKED));
        AtomicFiles.writeFolder(folder, beside -> {
            Path pruned = Files.createDirectory(beside.resolve(RunFileNames.ADAPTER));
            PrunedAdapter.Size size = PrunedAdapter.write(
                    runs.workbench(), model, source.adapter(), kept, pruned, progress.part(RANKED, WRITTEN));
            Measured measured = measured(pruned, source, model, progress.part(WRITTEN, 1));
            DerivedRun.write(
                    source,
                    String.valueOf(folder.getFileName()),
                    whole.derived(
                            beside,
                            kept,
                            size.adapter(),
                            size.trainable(),
                            size.total(),
                            measured.validation(),
                            measured.test()),
                    reason,
                    measured.rows());
            PruningOrigin.write(beside, adapter, kept);
        });
        TrainingSummary made = runs.run(cell).summary().orElseThrow();
        listener.noted("%s: kept layers %s of the adapter of all layers."
                .formatted(Excerpt.sentence(cell.words()), LayerList.format(kept)));
        return made;
    }

    /** Returns the layers with the most energy, as {@code prune-adapter --by energy} leaves them. */
    private SortedSet<Integer> kept(OpenModel model, Run source, Progress progress) {
        ExperimentSettings settings = runs.settings();
        Analysis analysis = new AnalysisJob(
                        runs.workbench(),
                        model,
                        settings.data(),
                        settings.analysis().with(List.of(AdapterEnergy.MEASURE)),
                        source.adapter())
                .run(progress, partial -> {});
        List<Integer> ranked = analysis.importance().ranking(UndefinedLayers.EXCLUDE);
        if (ranked.size() < count) {
            throw new UserException(
                    "The adapter %s has an energy in %s layers, fewer than the %s that the arm pruned keeps; choose a lower --ratio, or leave pruned out of --arms."
                            .formatted(source.adapter(), ranked.size(), count));
        }
        return new TreeSet<>(ranked.subList(0, count));
    }

    /**
     * Evaluations of a pruned adapter.
     *
     * @param rows results of each row by the name of the evaluation in a summary
     */
    private record Measured(@Nullable Evaluation validation, @Nullable Evaluation test, Map<String, RowMetrics> rows) {}

    /** Measures a pruned adapter on the rows on which the run on all layers was measured. */
    private Measured measured(Path adapter, Run source, OpenModel model, Progress progress) {
        Map<String, RowMetrics> rows = new LinkedHashMap<>();
        Evaluation validation = runs.validation()
                .map(location -> measured(
                        TrainingSummary.VALIDATION,
                        model,
                        runs.evaluation(adapter, location, source.identity().firstValidation()),
                        rows,
                        progress.part(0, VALIDATED)))
                .orElse(null);
        Evaluation test = Optional.ofNullable(runs.settings().training().test())
                .map(location -> measured(
                        TrainingSummary.TEST,
                        model,
                        runs.evaluation(adapter, location, source.identity().test()),
                        rows,
                        progress.part(VALIDATED, 1)))
                .orElse(null);
        return new Measured(validation, test, rows);
    }

    private Evaluation measured(
            String name,
            OpenModel model,
            EvaluationSettings settings,
            Map<String, RowMetrics> rows,
            Progress progress) {
        EvaluationJob.Measured measured = new EvaluationJob(runs.workbench(), model, settings)
                .run(progress)
                .measured();
        rows.put(name, measured.rows());
        return measured.evaluation();
    }
}
