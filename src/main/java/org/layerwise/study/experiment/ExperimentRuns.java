package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.FileHash;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.Run;
import org.layerwise.run.RunIdentity;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.evaluation.EvaluationSettings;
import org.layerwise.study.training.TrainingInputs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/** Reads the results of the runs in an experiment's folder, and checks that the runs belong together. */
record ExperimentRuns(Workbench workbench, ExperimentSettings settings) {

    Run run(Cell cell) {
        return Run.open(folder(cell));
    }

    Path folder(Cell cell) {
        return settings.out().resolve(cell.folder());
    }

    /** Returns the metric by which the arms are compared. */
    BestMetric metric(Cell cell) {
        TaskKind kind = TaskKind.of(run(cell).task())
                .orElseThrow(() -> new UserException(
                        "The run in %s is of no known task; delete it, and it is run again.".formatted(folder(cell))));
        return BestMetric.of(settings.training().values(), settings.data().preset(), kind);
    }

    /** Returns the rows on which the arms are measured. */
    ExperimentResult.MeasuredRows rows(Cell cell, FinalRun measured) {
        return new ExperimentResult.MeasuredRows(
                location(),
                settings.training().test() != null,
                measured.measured().samples(),
                Integer.parseInt(run(cell).config().getOrDefault("samples", "0")));
    }

    private String location() {
        TrainingSettings training = settings.training();
        return training.test() != null ? training.test() : validation().orElseThrow();
    }

    /** Returns the first validation rows; empty without any. */
    Optional<String> validation() {
        return Optional.ofNullable(settings.training().validation(settings.data()))
                .map(rows -> TrainingInputs.locations(rows).get(0));
    }

    /**
     * Returns the final runs of each arm with their predictions, in the order of their seeds.
     *
     * @param here model that computes predictions that do not exist yet, or are of another adapter
     * @param remark receives a sentence about predictions that are replaced
     * @throws UserException if the metric is not one of the task's, or the rows have changed between runs
     */
    Map<Arm, List<FinalRun>> measured(
            Map<Cell, TrainingSummary> ended, LocalModel here, Progress progress, Consumer<String> remark) {
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        int done = 0;
        for (Map.Entry<Cell, TrainingSummary> run : ended.entrySet()) {
            Cell cell = run.getKey();
            Progress part = progress.part((double) done / ended.size(), (double) ++done / ended.size());
            TrainingSummary summary = run.getValue();
            Evaluation evaluation = settings.training().test() == null ? summary.after() : summary.test();
            if (evaluation == null) {
                throw new UserException(
                        "The run in %s was not measured; delete it, and it is run again.".formatted(folder(cell)));
            }
            metric(cell).requireIn(evaluation);
            Predictions predictions = predictions(cell, evaluation, here, part, remark);
            Evaluation measured = predictions == null ? evaluation : predictions.of(evaluation, part.silent());
            runs.computeIfAbsent(cell.arm(), arm -> new ArrayList<>())
                    .add(new FinalRun(
                            cell,
                            summary,
                            evaluation,
                            measured,
                            predictions,
                            rows(cell, measured, predictions, remark)));
        }
        runs.values()
                .forEach(list ->
                        list.sort(Comparator.comparingLong(run -> run.cell().seed())));
        requireSameRows(runs.values().stream().flatMap(List::stream).toList());
        return runs;
    }

    /**
     * Returns the predictions of a run: those in its folder, else those that the training kept of its last evaluation,
     * else new ones of its adapter; null for a language model, which has no prediction per row.
     */
    private @Nullable Predictions predictions(
            Cell cell, Evaluation measured, LocalModel here, Progress progress, Consumer<String> remark) {
        Run run = run(cell);
        if (run.task().equals(TaskKind.CAUSAL_LM.id())) {
            return null;
        }
        Path file = run.folder().resolve(Predictions.FILE);
        if (!PredictionsOrigin.isOf(run)) {
            boolean ofAnother = Files.isRegularFile(file);
            RowMetrics kept = ofAnother ? null : kept(cell, measured, remark);
            if (kept != null) {
                return Predictions.of(kept);
            }
            if (ofAnother) {
                remark.accept(
                        "%s is made anew: it is not known to be of the adapter in %s.".formatted(file, run.adapter()));
            }
            String adapter = FileHash.ofAdapter(run.adapter());
            predict(run, file, here, progress);
            PredictionsOrigin.write(run, adapter);
        }
        Predictions predictions = Predictions.read(file);
        if (predictions.rows() != measured.samples()) {
            throw new UserException(
                    "%s has predictions for %s rows, but the run was measured on %s; delete it, and it is made again."
                            .formatted(file, predictions.rows(), measured.samples()));
        }
        return predictions;
    }

    /**
     * Returns the results by row for the compared metric: of the predictions, or those that the run itself kept, as for
     * losses; null for runs that kept none.
     */
    private @Nullable RowMetrics rows(
            Cell cell, Evaluation measured, @Nullable Predictions predictions, Consumer<String> remark) {
        String metric = metric(cell).name();
        if (predictions != null && predictions.canCompute(metric)) {
            return predictions.metrics();
        }
        RowMetrics kept = kept(cell, measured, remark);
        return kept != null && kept.canCompute(metric) ? kept : null;
    }

    /**
     * Returns the results by row that the training of a run kept of the rows on which the arms are measured; null if it
     * kept none, as in earlier versions, or others.
     */
    private @Nullable RowMetrics kept(Cell cell, Evaluation measured, Consumer<String> remark) {
        try {
            RowMetrics kept = run(cell)
                    .evaluatedRows()
                    .get(settings.training().test() == null ? TrainingSummary.VALIDATION : TrainingSummary.TEST);
            return kept != null && kept.rows() == measured.samples() ? kept : null;
        } catch (UserException e) {
            remark.accept(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void predict(Run run, Path file, LocalModel here, Progress progress) {
        EvaluationSettings evaluated =
                evaluation(run.adapter(), location(), measuredRows(run)).writing(file, null);
        new EvaluationJob(workbench, here.get(progress.part(0, 0.3)), evaluated).run(progress.part(0.3, 1));
    }

    /**
     * Returns the settings of the evaluation of an adapter on all rows of a file.
     *
     * @param identity identity that the rows must have; null if it is not known
     */
    EvaluationSettings evaluation(Path adapter, String location, @Nullable RowsIdentity identity) {
        DataSettings rows = settings.data().with(location).withBatch(null);
        return EvaluationSettings.of(
                        adapter,
                        DataSettings.isSample(rows.data()) ? rows : rows.withSamples(DataSettings.ALL),
                        settings.training().task())
                .requiring(identity);
    }

    /**
     * Returns the identity of the rows on which a final run is measured; null if an earlier version did not save it.
     */
    private @Nullable RowsIdentity measuredRows(Run run) {
        RunIdentity identity = run.identity();
        return settings.training().test() == null ? identity.firstValidation() : identity.test();
    }

    private void requireSameRows(List<FinalRun> runs) {
        Predictions first = runs.get(0).predictions();
        for (FinalRun run : runs) {
            Predictions other = run.predictions();
            boolean same = first == null || other == null || Arrays.equals(first.labels(), other.labels());
            if (!same || run.measured().samples() != runs.get(0).measured().samples()) {
                throw otherRows(runs.get(0).cell(), run.cell());
            }
        }
    }

    private UserException otherRows(Cell one, Cell other) {
        return new UserException(
                "The runs %s and %s were measured on different rows; delete one of them, or choose another folder with --out."
                        .formatted(folder(one), folder(other)));
    }

    /**
     * Requires that all runs were made from the same data and model, and that the final runs were measured on the same
     * test rows.
     *
     * @throws UserException if two runs differ
     */
    void requireOneOrigin(Collection<Cell> tried, Collection<Cell> ended) {
        List<Cell> cells = new ArrayList<>(tried);
        cells.addAll(ended);
        for (Cell cell : cells) {
            if (!run(cell).identity().isOfSameOrigin(run(cells.get(0)).identity())) {
                throw new UserException(
                        "The runs %s and %s were made from different data or another model; delete one of them, or choose another folder with --out."
                                .formatted(folder(cells.get(0)), folder(cell)));
            }
        }
        Cell first = ended.iterator().next();
        for (Cell cell : ended) {
            if (!RowsIdentity.same(
                    run(first).identity().test(), run(cell).identity().test())) {
                throw otherRows(first, cell);
            }
        }
    }

    /** Returns the environment and the inputs of the runs, by name. */
    Map<String, String> origin(Cell cell) {
        Map<String, String> origin = new LinkedHashMap<>(run(cell).environment());
        JsonNode identity = Json.read(folder(cell).resolve("run.json")).path("identity");
        for (String key : List.of("model_revision", "model_sha256", "data_sha256", "validation_sha256")) {
            if (identity.hasNonNull(key)) {
                origin.put(key.replace('_', ' '), identity.path(key).asText());
            }
        }
        return origin;
    }
}
