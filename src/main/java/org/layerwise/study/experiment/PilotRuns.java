package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.Statistics;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.statistics.DifferenceSpread;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TrainingListener;

/**
 * Runs of a pilot: all and random layers with seeds that neither the sweep nor a final run has, measured on the
 * validation rows. They lie beside the runs of the sweep.
 *
 * @param settings settings of the whole experiment
 * @param seeds number of seeds
 */
record PilotRuns(ExperimentSettings settings, int seeds) {

    private static final double NANOS = 1e9;

    /** Measures the time of the runs that are executed now. */
    static final class Watch implements ExperimentListener {

        private final ExperimentListener next;
        private final Map<Cell, Double> seconds = new HashMap<>();
        private long began;

        Watch(ExperimentListener next) {
            this.next = next;
        }

        @Override
        public void noted(String remark) {
            next.noted(remark);
        }

        @Override
        public TrainingListener begins(Cell cell, int number, int of) {
            began = System.nanoTime();
            return next.begins(cell, number, of);
        }

        @Override
        public void ended(Cell cell, Runs.Ended ended) {
            if (began != 0) {
                seconds.put(cell, (System.nanoTime() - began) / NANOS);
                began = 0;
            }
            next.ended(cell, ended);
        }

        /** Returns the seconds of a run, at least those of its steps, of which an earlier start may have made some. */
        double seconds(Cell cell, TrainingSummary summary) {
            return Math.max(seconds.getOrDefault(cell, 0.0), summary.seconds());
        }
    }

    /**
     * Executes the runs.
     *
     * @param chosen learning rate of each arm
     * @param runsPerSweep number of whole trainings that the choice of an arm's learning rate takes
     * @param probe share of a training on all layers that a probe takes; 0 without one
     * @throws UserException if a run fails, or the metric has no value in it
     */
    Pilot run(
            CellRuns runs,
            Map<Arm, Double> chosen,
            BestMetric metric,
            double runsPerSweep,
            double probe,
            Watch watch,
            PauseSwitch pause,
            Progress progress) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
            for (Arm arm : Pilot.ARMS) {
                // the seeds below that of the sweep
                cells.add(new Cell(
                        arm,
                        Objects.requireNonNull(chosen.get(arm)),
                        settings.grid().sweepSeed() - 1 - i,
                        Cell.Purpose.SWEEP));
            }
        }
        Map<Cell, TrainingSummary> ended = runs.train(cells, pause, progress);
        double[] bySeed = new double[seeds];
        double[][] byRow = new double[seeds][];
        int rows = 0;
        for (int i = 0; i < seeds; i++) {
            Evaluation all = evaluation(ended, cells.get(2 * i), runs);
            Evaluation random = evaluation(ended, cells.get(2 * i + 1), runs);
            bySeed[i] = metric.of(random) - metric.of(all);
            byRow[i] = byRow(runs, cells.get(2 * i), cells.get(2 * i + 1), metric);
            rows = all.samples();
            if (!Double.isFinite(bySeed[i])) {
                throw new UserException(
                        "The pilot has no %s with seed %s; choose another metric with --best-metric, or other rates."
                                .formatted(metric.name(), cells.get(2 * i).seed()));
            }
        }
        int expected = rows;
        boolean known = Arrays.stream(byRow).allMatch(one -> one.length == expected);
        PairedDifference difference =
                known ? PairedDifference.ofSeedsAndRows(bySeed, byRow) : PairedDifference.ofSeeds(bySeed);
        @Nullable DifferenceSpread spread = difference.spread(known ? rows : 1);
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (Arm arm : Pilot.ARMS) {
            seconds.put(
                    arm.id(),
                    Statistics.median(cells.stream()
                            .filter(cell -> cell.arm().equals(arm))
                            .map(cell -> watch.seconds(cell, Objects.requireNonNull(ended.get(cell))))
                            .toList()));
        }
        List<Double> differences = new ArrayList<>();
        for (double one : bySeed) {
            differences.add(one);
        }
        return Pilot.of(
                settings,
                metric.name(),
                rows,
                differences,
                Objects.requireNonNull(spread),
                seconds,
                runsPerSweep,
                probe);
    }

    private static Evaluation evaluation(Map<Cell, TrainingSummary> ended, Cell cell, CellRuns runs) {
        TrainingSummary summary = ended.get(cell);
        if (summary == null || summary.after() == null) {
            throw runs.noRun(cell.arm());
        }
        return summary.after();
    }

    /** Returns the difference of each row's metric; without rows if the metric is not a mean over rows. */
    private static double[] byRow(CellRuns runs, Cell all, Cell random, BestMetric metric) {
        double[] first = rows(runs, all, metric);
        double[] second = rows(runs, random, metric);
        if (first.length != second.length) {
            return new double[0];
        }
        double[] differences = new double[first.length];
        for (int row = 0; row < first.length; row++) {
            differences[row] = second[row] - first[row];
        }
        return differences;
    }

    private static double[] rows(CellRuns runs, Cell cell, BestMetric metric) {
        RowMetrics rows = Run.open(runs.folder(cell)).evaluatedRows().get(TrainingSummary.VALIDATION);
        if (rows == null) {
            return new double[0];
        }
        if (metric.name().equals(Evaluation.LOSS)) {
            return rows.losses();
        }
        if (!metric.name().equals("accuracy")) {
            return new double[0];
        }
        boolean[] right = rows.right();
        double[] values = new double[right.length];
        for (int row = 0; row < right.length; row++) {
            values[row] = right[row] ? 1 : 0;
        }
        return values;
    }
}
