package org.layerwise.study.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.run.EvaluationAndCheckpoints;
import org.layerwise.run.RunLog;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.study.model.LabelledData;
import org.layerwise.training.Evaluator;

/** Evaluates the held-out rows of a training: validation rows during the training, test rows once at the end. */
record EvaluationSetEvaluator(TrainingInputs material, RunLog log, RunListener heard, Progress progress)
        implements EvaluationAndCheckpoints.Validation {

    @Override
    public boolean hasRows() {
        return !material.validation().isEmpty();
    }

    // all or nothing: a cancelled evaluation leaves no line in the log
    @Override
    public Optional<EvaluationAndCheckpoints.Measured> evaluate(int step) {
        Map<EvaluationSet, EvaluationAndCheckpoints.Measured> found = new LinkedHashMap<>();
        for (EvaluationSet rows : material.validation()) {
            Optional<EvaluationAndCheckpoints.Measured> one =
                    evaluation(rows.rows(), step == 0 ? progress.part(0, 0.1) : progress.silent());
            if (one.isEmpty()) {
                return Optional.empty();
            }
            found.put(rows, one.get());
        }
        List<EvaluationSet> rows = material.validation();
        rows.stream()
                .skip(1)
                .forEach(more -> log.evaluation(
                        step,
                        more.prefix(),
                        Objects.requireNonNull(found.get(more)).evaluation()));
        Optional<EvaluationAndCheckpoints.Measured> first =
                rows.stream().findFirst().map(found::get);
        first.ifPresent(measured -> heard.evaluated(step, measured.evaluation()));
        return first;
    }

    /** Evaluates the test rows, once, at the end. */
    Optional<EvaluationAndCheckpoints.Measured> test(int steps) {
        Optional<EvaluationAndCheckpoints.Measured> found =
                material.test().flatMap(rows -> evaluation(rows, progress.part(0.95, 1)));
        found.ifPresent(measured -> log.evaluation(steps, "test", measured.evaluation()));
        return found;
    }

    /** Evaluates some rows; empty if the work was cancelled. */
    private Optional<EvaluationAndCheckpoints.Measured> evaluation(LabelledData rows, Progress part) {
        if (part.cancelled()) {
            return Optional.empty();
        }
        try {
            Evaluator.Outcome outcome =
                    new Evaluator().evaluate(material.adapted(), rows.tokens(), rows.objective(), null, part);
            RowMetrics each = RowMetrics.of(rows.objective(), outcome);
            return Optional.of(new EvaluationAndCheckpoints.Measured(
                    MetricIntervals.with(outcome.evaluation(), each, part.silent()), each));
        } catch (CancelledException e) {
            return Optional.empty();
        }
    }
}
