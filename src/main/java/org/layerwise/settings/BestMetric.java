package org.layerwise.settings;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.TaskPreset;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/**
 * Metric that decides which of two evaluations is better.
 *
 * @param name {@code loss} or the name of a metric
 */
public record BestMetric(String name) {

    private static final Set<String> LESS_IS_BETTER = Set.of(Evaluation.LOSS, "perplexity");

    /**
     * Returns the metric of the settings, or else the default of the task: the first metric of the preset, otherwise
     * accuracy, Pearson's correlation or the loss.
     */
    public static BestMetric of(SettingValues values, @Nullable TaskPreset preset, TaskKind task) {
        return of(values.find(RunSettings.BEST_METRIC), preset, task);
    }

    /** Returns the metric with a given name, or else the default of the task. */
    public static BestMetric of(Optional<String> asked, @Nullable TaskPreset preset, TaskKind task) {
        return asked.map(BestMetric::new).orElseGet(() -> of(preset, task));
    }

    private static BestMetric of(@Nullable TaskPreset preset, TaskKind task) {
        if (preset != null && task != TaskKind.CAUSAL_LM && !preset.metrics().isEmpty()) {
            return new BestMetric(preset.metrics().get(0));
        }
        return new BestMetric(
                switch (task) {
                    case CLASSIFICATION -> "accuracy";
                    case REGRESSION -> "pearson";
                    case CAUSAL_LM -> Evaluation.LOSS;
                });
    }

    /** Returns true if lower values of this metric are better. */
    public boolean lessIsBetter() {
        return LESS_IS_BETTER.contains(name);
    }

    /** Returns true if some task has a metric with this name. */
    static boolean isKnown(String name) {
        return names(TaskKind.values()).contains(name);
    }

    /** Returns the names of all metrics in words that follow "must be". */
    static String words() {
        return "one of " + String.join(", ", names(TaskKind.values()));
    }

    /**
     * Checks that evaluations of a task have this metric.
     *
     * @throws UserException if evaluations of the task do not have this metric
     */
    public void requireOf(TaskKind task) {
        if (!names(task).contains(name)) {
            throw new UserException("There is no metric %s for this task; choose one of %s for --best-metric."
                    .formatted(name, String.join(", ", names(task))));
        }
    }

    private static Set<String> names(TaskKind... tasks) {
        Set<String> names = new TreeSet<>(Set.of(Evaluation.LOSS));
        for (TaskKind task : tasks) {
            names.addAll(task.metrics());
        }
        return names;
    }

    /**
     * Checks that an evaluation has this metric.
     *
     * @throws UserException if the evaluation does not have this metric
     */
    public void requireIn(Evaluation evaluation) {
        requireIn(evaluation, RunSettings.BEST_METRIC.flag());
    }

    /**
     * Checks that an evaluation has this metric.
     *
     * @param flag flag that names the metric
     * @throws UserException if the evaluation does not have this metric
     */
    public void requireIn(Evaluation evaluation, String flag) {
        if (!name.equals(Evaluation.LOSS) && !evaluation.metrics().containsKey(name)) {
            Set<String> known = new TreeSet<>(evaluation.metrics().keySet());
            known.add(Evaluation.LOSS);
            throw new UserException("There is no metric %s for this task; choose one of %s for %s."
                    .formatted(name, String.join(", ", known), flag));
        }
    }

    /** Returns the value of this metric; NaN if the evaluation does not have it. */
    public double of(Evaluation evaluation) {
        return name.equals(Evaluation.LOSS)
                ? evaluation.loss()
                : evaluation.metrics().getOrDefault(name, Double.NaN);
    }

    /**
     * Returns true if one evaluation is strictly better than another. NaN is never better, and every number is better
     * than NaN.
     */
    public boolean better(Evaluation one, Evaluation other) {
        double a = of(one);
        double b = of(other);
        if (Double.isNaN(a)) {
            return false;
        }
        return Double.isNaN(b) || (lessIsBetter() ? a < b : a > b);
    }
}
