package org.layerwise.study.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.PrecisionStep;
import org.layerwise.study.TaskRows;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;
import org.layerwise.training.Evaluator;
import org.layerwise.training.TaskKind;

/** Evaluates a model, with or without an adapter, on labelled rows. */
public record EvaluationJob(Workbench workbench, OpenModel model, EvaluationSettings settings) {

    /**
     * Result of an evaluation.
     *
     * @param mismatched results on the mismatched validation rows of MNLI; null if they were not requested
     * @param remarks sentences that a reader of the results must know
     */
    public record Result(Measured measured, @Nullable Measured mismatched, List<String> remarks) {

        public Result {
            remarks = List.copyOf(remarks);
        }

        /** Returns the metrics of the main rows. */
        public Evaluation evaluation() {
            return measured.evaluation();
        }

        /** Returns the number of rows whose text was truncated. */
        public int cutRows() {
            return measured.cutRows() + (mismatched == null ? 0 : mismatched.cutRows());
        }
    }

    /**
     * Results on some rows.
     *
     * @param data short name of the rows
     * @param task task of the model
     * @param evaluation metrics; the preset's own metrics come first
     * @param taskMetrics names of the metrics that the preset of the task prescribes; empty without a preset
     * @param intervals intervals of the loss and the metrics
     * @param details errors of the model
     * @param predictions predictions for each row
     * @param rows results of each row
     * @param cutRows number of rows whose text was truncated
     */
    public record Measured(
            String data,
            TaskKind task,
            Evaluation evaluation,
            List<String> taskMetrics,
            MetricIntervals intervals,
            EvaluationDetails details,
            RowPredictions predictions,
            RowMetrics rows,
            int cutRows) {

        public Measured {
            taskMetrics = List.copyOf(taskMetrics);
        }
    }

    /** Creates a job with the default number of rows with large errors. */
    public EvaluationJob(
            Workbench workbench,
            OpenModel model,
            @Nullable Path adapter,
            DataSettings data,
            @Nullable TaskKind task,
            @Nullable Path predictions,
            @Nullable Path out) {
        this(workbench, model, EvaluationSettings.of(adapter, data, task).writing(predictions, out));
    }

    /**
     * Evaluates the model and writes the requested files.
     *
     * @throws UserException if data or adapter do not fit the model, there is no head, or the results of a row are NaN
     *     or infinite
     */
    public Result run(Progress progress) {
        try (MeasuredModel opened =
                MeasuredModel.open(workbench, model, settings.adapter(), settings.task(), progress)) {
            return run(opened.model(), opened.classNames(), opened.remarks(), progress);
        }
    }

    private Result run(TaskModel measured, List<String> classNames, List<String> remarks, Progress progress) {
        DataSettings other = settings.mismatched();
        double share = other == null ? 1 : 0.5;
        List<String> precision = new ArrayList<>();
        Measured main = measure(
                measured,
                classNames,
                settings.data(),
                settings.predictions(),
                tokens -> PrecisionStep.besideOtherWork(
                                workbench,
                                model,
                                settings.adapter(),
                                Optional.of(measured.transformer()),
                                tokens,
                                progress.silent())
                        .ifPresent(precision::add),
                progress.part(0, share));
        Measured mismatched =
                other == null ? null : measure(measured, classNames, other, null, tokens -> {}, progress.part(0.5, 1));
        Result result = new Result(
                main,
                mismatched,
                Stream.concat(remarks.stream(), precision.stream()).toList());
        if (settings.out() != null) {
            EvaluationFile.write(settings.out(), result);
        }
        return result;
    }

    /**
     * Measures the model on some rows.
     *
     * @param precision receives the tokens after all results were found to be finite
     */
    private Measured measure(
            TaskModel measured,
            List<String> classNames,
            DataSettings data,
            @Nullable Path predictions,
            Consumer<TokenizedDataset> precision,
            Progress progress) {
        TaskRows rows = TaskRows.read(
                workbench,
                model,
                measured.head(),
                classNames,
                data,
                settings.task(),
                settings.adapter(),
                progress.part(0, 0.1));
        LabelledData labelled = rows.labelled();
        if (predictions != null && rows.task() == TaskKind.CAUSAL_LM) {
            throw new UserException("%s cannot be written: a language model has no prediction a row; use generate."
                    .formatted(predictions));
        }
        if (data.equals(settings.data())) {
            requireIdentity(labelled, rows.rows());
        }
        Evaluator.Outcome outcome = rows.evaluate(measured, data.batch(), progress.part(0.1, 1));
        precision.accept(labelled.tokens());
        int outputs = measured.head() instanceof ClassificationHead head ? head.labels() : 1;
        Evaluation evaluation = outcome.evaluation();
        RowMetrics said = RowMetrics.of(labelled.objective(), outcome);
        List<String> metrics = new ArrayList<>(List.of(Evaluation.LOSS));
        metrics.addAll(evaluation.metrics().keySet());
        List<String> own = data.preset() == null ? List.of() : data.preset().metrics();
        List<String> names = labelled.classNames();
        if (names.isEmpty() && !ModelConfig.Labels.placeholders(classNames)) {
            names = classNames;
        }
        if (names.isEmpty()
                && data.preset() != null
                && data.preset().classNames().size() == outputs) {
            names = data.preset().classNames();
        }
        RowPredictions predicted = RowPredictions.of(rows.rows(), labelled.objective(), names, outcome);
        if (predictions != null) {
            predicted.write(predictions);
        }
        MetricIntervals intervals = MetricIntervals.of(said, metrics, progress.silent());
        return new Measured(
                labelled.name(),
                rows.task(),
                evaluation.withFirst(own).withIntervals(intervals.byMetric(), intervals.without()),
                own.stream()
                        .filter(name -> name.equals(Evaluation.LOSS)
                                || evaluation.metrics().containsKey(name))
                        .toList(),
                intervals,
                EvaluationDetails.of(predicted, settings.worst()),
                predicted,
                said,
                labelled.tokens().cutRows());
    }

    private void requireIdentity(LabelledData labelled, Dataset rows) {
        if (settings.identity() != null && !settings.identity().isSame(RowsIdentity.of(labelled.tokens()))) {
            throw new UserException(
                    "The rows of %s, their labels, tokens or images have changed since the run of %s was measured on them; put them back, or train again."
                            .formatted(rows.location(), settings.adapter()));
        }
    }
}
