package org.layerwise.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.ShellWord;
import org.layerwise.data.TaskPreset;
import org.layerwise.study.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;

/**
 * What a table tells of a run, finished or not.
 *
 * @param variant the word of {@code --variant}; empty for a run that waits
 * @param trainable numbers that are trained; empty before it has ended
 * @param steps taken so far
 * @param metric what speaks for it: that of {@code --best-metric}, or the task's own
 * @param validation the metric on the validation rows, of the adapter that it kept or the last evaluation so far
 * @param test the metric on the test rows, measured once at the end
 * @param validationInterval 95 % interval of the metric on the validation rows, as far as it is known
 * @param testInterval 95 % interval of the metric on the test rows, as far as it is known
 * @param seconds of its steps so far
 * @param memory the most bytes in memory while it trained; while it runs, of those that its log tells
 */
public record RunOverview(
        Run run,
        String variant,
        OptionalLong trainable,
        int steps,
        String metric,
        OptionalDouble validation,
        OptionalDouble test,
        Optional<Interval> validationInterval,
        Optional<Interval> testInterval,
        double seconds,
        OptionalLong memory) {

    /**
     * Reads a run's files.
     *
     * @throws org.layerwise.base.UserException if one is broken
     */
    public static RunOverview of(Run run) {
        RunHistory history = run.history();
        Optional<TrainingSummary> summary = run.summary();
        BestMetric metric = metric(run);
        List<StepRecord> steps = history.steps();
        @Nullable StepRecord last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        return new RunOverview(
                run,
                run.config().getOrDefault("variant", ""),
                summary.map(found -> OptionalLong.of(found.trainableParameters()))
                        .orElse(OptionalLong.empty()),
                summary.map(TrainingSummary::steps).orElse(last == null ? 0 : last.step()),
                metric.name(),
                value(metric, run.validation()),
                value(metric, summary.map(TrainingSummary::test)),
                run.validation().flatMap(found -> MetricIntervals.of(metric.name(), found)),
                summary.map(TrainingSummary::test).flatMap(found -> MetricIntervals.of(metric.name(), found)),
                summary.map(TrainingSummary::seconds).orElse(last == null ? 0 : last.seconds()),
                memory(summary, steps));
    }

    /** Returns the name of the metric that speaks for a run. */
    public static String metricOf(Run run) {
        return metric(run).name();
    }

    private static BestMetric metric(Run run) {
        Map<String, String> config = run.config();
        return BestMetric.of(
                Optional.ofNullable(config.get(RunSettings.BEST_METRIC.name())),
                find(TaskPreset.values(), preset -> preset.id().equals(config.get("preset"))),
                Optional.ofNullable(find(TaskKind.values(), task -> task.id().equals(run.task())))
                        .orElse(TaskKind.CLASSIFICATION));
    }

    private static <T> @Nullable T find(T[] all, Predicate<T> wanted) {
        return List.of(all).stream().filter(wanted).findFirst().orElse(null);
    }

    private static OptionalDouble value(BestMetric metric, Optional<Evaluation> evaluation) {
        double value = evaluation.map(metric::of).orElse(Double.NaN);
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static OptionalLong memory(Optional<TrainingSummary> summary, List<StepRecord> steps) {
        long most = summary.map(TrainingSummary::peakMemoryBytes)
                .orElse(steps.stream().mapToLong(StepRecord::memoryBytes).max().orElse(0));
        return most > 0 ? OptionalLong.of(most) : OptionalLong.empty();
    }

    /** Whether it was given validation rows. A sample task has its own. */
    public boolean hasValidation() {
        return validation.isPresent() || run.config().containsKey("validation") || DataSettings.isSample(run.data());
    }

    /** Whether it was given test rows. */
    public boolean hasTest() {
        return run.config().containsKey("test");
    }

    /** What goes on with it; empty if there is nothing to go on with. */
    public Optional<String> resume() {
        return run.resumable()
                ? Optional.of("layerwise train --resume " + ShellWord.of(run.folder()))
                : Optional.empty();
    }
}
