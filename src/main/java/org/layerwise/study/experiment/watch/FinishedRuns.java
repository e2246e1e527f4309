package org.layerwise.study.experiment.watch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Statistics;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.Cell;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/**
 * Final runs of an experiment so far. Intervals are of means over seeds alone, since rows are compared only when all runs have
 * ended; there are no differences yet. Not safe for use by several threads.
 */
public final class FinishedRuns {

    private final ExperimentSettings settings;
    private final Map<Arm, SortedMap<Long, TrainingSummary>> ended = new LinkedHashMap<>();
    private final Map<Arm, Double> rates = new LinkedHashMap<>();
    private @Nullable BestMetric metric;

    /** @param settings settings of the experiment */
    public FinishedRuns(ExperimentSettings settings) {
        this.settings = settings;
    }

    /**
     * Adds a run that ended.
     *
     * @return outcome with this run; empty if it was no final run, failed, was stopped, or has no such metric
     */
    public Optional<Outcome> add(Cell cell, Runs.Ended run) {
        TrainingSummary summary = run.summary().orElse(null);
        if (cell.purpose() != Cell.Purpose.FINAL
                || summary == null
                || summary.cancelled()
                || measured(summary) == null) {
            return Optional.empty();
        }
        if (metric == null) {
            metric = TaskKind.of(Run.open(run.run().out()).task())
                    .map(kind -> BestMetric.of(
                            settings.training().values(), settings.data().preset(), kind))
                    .orElse(null);
        }
        ended.computeIfAbsent(cell.arm(), arm -> new TreeMap<>()).put(cell.seed(), summary);
        rates.put(cell.arm(), cell.rate());
        return Optional.ofNullable(metric).map(this::outcome);
    }

    private @Nullable Evaluation measured(TrainingSummary summary) {
        return settings.training().test() == null ? summary.after() : summary.test();
    }

    private Outcome outcome(BestMetric by) {
        return new Outcome(
                by,
                settings.training().test() == null ? TrainingSummary.VALIDATION : TrainingSummary.TEST,
                settings.arms().stream().map(arm -> outcome(arm, by)).toList(),
                false,
                List.of());
    }

    private ArmOutcome outcome(Arm arm, BestMetric by) {
        SortedMap<Long, TrainingSummary> runs = ended.get(arm);
        if (runs == null) {
            return ArmOutcome.none(arm.id(), arm.words());
        }
        SortedMap<Long, Double> values = new TreeMap<>();
        runs.forEach((seed, summary) -> {
            Evaluation measured = measured(summary);
            values.put(seed, measured == null ? Double.NaN : by.of(measured));
        });
        double[] all = values.values().stream().mapToDouble(Double::doubleValue).toArray();
        return new ArmOutcome(
                arm.id(),
                arm.words(),
                rates.getOrDefault(arm, Double.NaN),
                median(runs, TrainingSummary::adapterParameters),
                median(runs, TrainingSummary::trainableParameters),
                median(runs, TrainingSummary::secondsPerStep),
                median(runs, TrainingSummary::peakMemoryBytes),
                values,
                Statistics.mean(List.copyOf(values.values())),
                Arrays.stream(all).anyMatch(Double::isNaN)
                        ? null
                        : PairedDifference.ofSeeds(all).interval(Outcome.LEVEL),
                null,
                null);
    }

    private static double median(SortedMap<Long, TrainingSummary> runs, ToDoubleFunction<TrainingSummary> value) {
        return Statistics.median(
                runs.values().stream().map(value::applyAsDouble).toList());
    }
}
