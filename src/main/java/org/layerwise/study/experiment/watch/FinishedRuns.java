package org.layerwise.study.experiment.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Statistics;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.run.Run;
import org.layerwise.run.RunOverview;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.Cell;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;

/**
 * Final runs of an experiment so far. Intervals are of means over seeds alone, since rows are compared only when all runs have
 * ended; there are no differences yet. Not safe for use by several threads.
 */
public final class FinishedRuns {

    private final List<Arm> arms;
    private final Map<Arm, SortedMap<Long, TrainingSummary>> ended = new LinkedHashMap<>();
    private final Map<Arm, Double> rates = new LinkedHashMap<>();
    private @Nullable BestMetric metric;
    private String rows = TrainingSummary.VALIDATION;

    /** @param arms arms of the experiment, in the order of its table */
    public FinishedRuns(List<Arm> arms) {
        this.arms = List.copyOf(arms);
    }

    /**
     * Returns the outcome of the final runs in the folder of an experiment; empty if none has ended.
     *
     * @throws UserException if the folder or a file of a run cannot be read
     */
    static Optional<Outcome> in(Path folder, List<Arm> arms) {
        FinishedRuns finished = new FinishedRuns(arms);
        for (Path run : folders(folder.resolve(Cell.Purpose.FINAL.folder()))) {
            Cell.of(Cell.Purpose.FINAL, String.valueOf(run.getFileName()))
                    .filter(cell -> arms.contains(cell.arm()) && Run.isRun(run))
                    .ifPresent(cell -> Run.open(run).summary().ifPresent(summary -> finished.add(cell, run, summary)));
        }
        return finished.outcome();
    }

    private static List<Path> folders(Path runs) {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(runs)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(runs, FileErrors.reason(e)), e);
        }
    }

    /**
     * Adds a run that ended.
     *
     * @return outcome with this run; empty if it was no final run, failed, was stopped, or has no such metric
     */
    public Optional<Outcome> add(Cell cell, Runs.Ended run) {
        return cell.purpose() == Cell.Purpose.FINAL
                        && run.summary()
                                .filter(summary -> add(cell, run.run().out(), summary))
                                .isPresent()
                ? outcome()
                : Optional.empty();
    }

    /** Adds a final run and returns true, unless it was stopped or has no evaluation. */
    private boolean add(Cell cell, Path folder, TrainingSummary summary) {
        if (summary.cancelled() || measured(summary) == null) {
            return false;
        }
        if (metric == null) {
            metric = new BestMetric(RunOverview.metricOf(Run.open(folder)));
            rows = summary.test() == null ? TrainingSummary.VALIDATION : TrainingSummary.TEST;
        }
        ended.computeIfAbsent(cell.arm(), arm -> new TreeMap<>()).put(cell.seed(), summary);
        rates.put(cell.arm(), cell.rate());
        return true;
    }

    private static @Nullable Evaluation measured(TrainingSummary summary) {
        return summary.test() == null ? summary.after() : summary.test();
    }

    private Optional<Outcome> outcome() {
        return Optional.ofNullable(metric)
                .map(by -> new Outcome(
                        by, rows, arms.stream().map(arm -> outcome(arm, by)).toList(), false, List.of()));
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
