package org.layerwise.run;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Progress;
import org.layerwise.base.ShellWord;
import org.layerwise.data.TaskPreset;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;

/**
 * Values of a finished or unfinished run for a table of runs.
 *
 * @param variant value of {@code --variant}; empty for a queued run
 * @param trainable number of trainable parameters; empty before the run has ended
 * @param steps number of completed steps
 * @param metric name of the main metric: that of {@code --best-metric}, or the default of the task
 * @param validation main metric on the validation rows, of the adapter that was kept or of the last evaluation so far
 * @param validationStep step after which the metric on the validation rows was measured; empty without a value
 * @param test main metric on the test rows, measured once at the end
 * @param validationInterval 95 % interval of the metric on the validation rows; empty if unknown
 * @param testInterval 95 % interval of the metric on the test rows; empty if unknown
 * @param withoutValidationInterval reason why the metric on the validation rows has no interval; empty if unknown
 * @param withoutTestInterval reason why the metric on the test rows has no interval; empty if unknown
 * @param seconds seconds of all steps so far
 * @param memory maximum number of bytes in memory during the training; for a running run, the maximum in its log
 * @param memoryOf subject of the memory
 */
public record RunOverview(
        Run run,
        String variant,
        Optional<Long> trainable,
        int steps,
        String metric,
        Optional<Double> validation,
        Optional<Integer> validationStep,
        Optional<Double> test,
        Optional<Interval> validationInterval,
        Optional<Interval> testInterval,
        Optional<String> withoutValidationInterval,
        Optional<String> withoutTestInterval,
        double seconds,
        Optional<Long> memory,
        PeakMemorySource memoryOf) {

    /**
     * Reads the files of a run.
     *
     * @throws org.layerwise.base.UserException if a file is broken
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static RunOverview of(Run run, Progress progress) {
        RunHistory history = run.history(progress);
        Optional<TrainingSummary> summary = run.summary();
        Optional<RunHistory.Evaluated> validation = run.validation(() -> history);
        BestMetric metric = metric(run);
        Optional<Double> measured = value(metric, validation.map(RunHistory.Evaluated::evaluation));
        List<StepRecord> steps = history.steps();
        @Nullable StepRecord last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        return new RunOverview(
                run,
                run.config().getOrDefault("variant", ""),
                summary.map(TrainingSummary::trainableParameters),
                summary.map(TrainingSummary::steps).orElse(last == null ? 0 : last.step()),
                metric.name(),
                measured,
                measured.flatMap(any -> validation).map(RunHistory.Evaluated::step),
                value(metric, summary.map(TrainingSummary::test)),
                validation.flatMap(found -> MetricIntervals.of(metric.name(), found.evaluation())),
                summary.map(TrainingSummary::test).flatMap(found -> MetricIntervals.of(metric.name(), found)),
                validation.flatMap(found -> MetricIntervals.without(metric.name(), found.evaluation())),
                summary.map(TrainingSummary::test).flatMap(found -> MetricIntervals.without(metric.name(), found)),
                summary.map(TrainingSummary::seconds).orElse(last == null ? 0 : last.seconds()),
                memory(summary, steps),
                PeakMemorySource.of(run));
    }

    /** Returns the name of the main metric of a run. */
    public static String metricOf(Run run) {
        return metric(run).name();
    }

    private static BestMetric metric(Run run) {
        Map<String, String> config = run.config();
        return BestMetric.of(
                Optional.ofNullable(config.get(RunSettings.BEST_METRIC.name())),
                Arrays.stream(TaskPreset.values())
                        .filter(preset -> preset.id().equals(config.get("preset")))
                        .findFirst()
                        .orElse(null),
                TaskKind.of(run.task()).orElse(TaskKind.CLASSIFICATION));
    }

    private static Optional<Double> value(BestMetric metric, Optional<Evaluation> evaluation) {
        return evaluation.map(metric::of).filter(value -> !Double.isNaN(value));
    }

    private static Optional<Long> memory(Optional<TrainingSummary> summary, List<StepRecord> steps) {
        long most = summary.map(TrainingSummary::peakMemoryBytes)
                .orElse(steps.stream().mapToLong(StepRecord::memoryBytes).max().orElse(0));
        return most > 0 ? Optional.of(most) : Optional.empty();
    }

    /** Returns true if the run has validation rows. A sample task always has validation rows. */
    public boolean hasValidation() {
        return validation.isPresent() || run.config().containsKey("validation") || DataSettings.isSample(run.data());
    }

    /** Returns true if the run has test rows. */
    public boolean hasTest() {
        return run.config().containsKey("test");
    }

    /** Returns the command that resumes the run; empty if the run cannot be resumed. */
    public Optional<String> resume() {
        return run.resumable()
                ? Optional.of("layerwise train --resume " + ShellWord.of(run.folder()))
                : Optional.empty();
    }
}
