package org.layerwise.study.evaluation;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob.Measured;
import org.layerwise.study.model.AdapterBaseModel;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;

/**
 * Predicts the labels of some rows with a model or an adapter, and compares the predictions with those of the model
 * alone or of another adapter.
 *
 * @param of model or adapter
 * @param other model or adapter to compare with; null for none
 * @param data labelled rows
 */
public record PredictionsJob(Workbench workbench, OpenModel model, Side of, @Nullable Side other, DataSettings data) {

    /**
     * Model or adapter that predicts.
     *
     * @param name name for users
     * @param adapter folder of a PEFT adapter; null for the model alone
     */
    public record Side(String name, @Nullable Path adapter) {}

    /**
     * Predictions of one or two models.
     *
     * @param other results of the model to compare with; null for none
     * @param tests paired test of each metric that both have, by its name; empty without another model
     * @param remarks sentences that a reader of the results must know
     */
    public record Result(
            Measured measured,
            @Nullable Measured other,
            PredictedRows rows,
            Map<String, PairedTest> tests,
            List<String> remarks) {

        public Result {
            tests = new LinkedHashMap<>(tests);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Predicts.
     *
     * @throws UserException if data or an adapter do not fit the model, there is no head, or the two models have other
     *     tasks
     */
    public Result run(Progress progress) {
        double share = other == null ? 1 : 0.5;
        EvaluationJob.Result first = evaluate(of, progress.part(0, share));
        if (other == null) {
            return new Result(
                    first.measured(),
                    null,
                    PredictedRows.of(first.measured().predictions(), null),
                    Map.of(),
                    remarks(of, first).toList());
        }
        EvaluationJob.Result second = evaluate(other, progress.part(share, 1));
        Measured measured = first.measured();
        Measured against = second.measured();
        if (measured.task() != against.task()
                || measured.rows().rows() != against.rows().rows()) {
            throw new UserException(
                    "%s (%s) and %s (%s) have other tasks, so their predictions cannot be compared; choose two with one task."
                            .formatted(
                                    of.name(),
                                    measured.task().id(),
                                    other.name(),
                                    against.task().id()));
        }
        return new Result(
                measured,
                against,
                PredictedRows.of(measured.predictions(), against.predictions()),
                tests(against, measured, progress),
                Stream.concat(remarks(of, first), remarks(other, second))
                        .distinct()
                        .toList());
    }

    private EvaluationJob.Result evaluate(Side side, Progress progress) {
        return new EvaluationJob(workbench, model, EvaluationSettings.of(side.adapter(), data, null)).run(progress);
    }

    private Stream<String> remarks(Side side, EvaluationJob.Result result) {
        Optional<String> ofBase = Optional.ofNullable(side.adapter())
                .flatMap(adapter -> AdapterBaseModel.read(adapter).remarkOn(adapter, model));
        return Stream.concat(ofBase.stream(), result.remarks().stream());
    }

    private static Map<String, PairedTest> tests(Measured first, Measured second, Progress progress) {
        Map<String, PairedTest> tests = new LinkedHashMap<>();
        RowMetrics rows = second.rows();
        Stream.concat(Stream.of(Evaluation.LOSS), second.evaluation().metrics().keySet().stream())
                .filter(metric -> rows.canCompute(metric) && first.rows().canCompute(metric))
                .forEach(metric -> tests.put(metric, PairedTest.of(metric, first.rows(), rows, progress.silent())));
        return tests;
    }
}
