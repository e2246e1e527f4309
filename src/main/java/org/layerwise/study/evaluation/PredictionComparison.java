package org.layerwise.study.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Bootstrap;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.PredictionDivergence;
import org.layerwise.training.TaskKind;

/**
 * Functional comparison of two models on the same rows: how far apart their predicted distributions are.
 *
 * @param first name of the first model, with its adapter if there is one
 * @param second name of the second model, with its adapter if there is one
 * @param data short name of the rows
 * @param task task of both models: classification, or causal-lm
 * @param rows sums of each row
 * @param numbers number of each row in its file, from 1
 * @param cutRows number of rows whose text was truncated
 * @param remarks sentences that a reader of the results must know
 */
public record PredictionComparison(
        String first,
        String second,
        String data,
        TaskKind task,
        PredictionDivergence.Rows rows,
        List<Long> numbers,
        int cutRows,
        List<String> remarks) {

    private static final int DRAWS = 1000;
    private static final long SEED = 42;

    public PredictionComparison {
        numbers = List.copyOf(numbers);
        remarks = List.copyOf(remarks);
    }

    /**
     * Mean with its interval.
     *
     * @param interval 95 % interval over other rows of the same kind; null if there are too few rows, or all are alike
     */
    public record Mean(double value, @Nullable Interval interval) {}

    /** Returns the number of predictions that were compared: rows of a classifier, labelled tokens of a language model. */
    public long predictions() {
        return IntStream.of(rows.predictions()).asLongStream().sum();
    }

    /** Returns the name of one prediction: row or token. */
    public String unit() {
        return task == TaskKind.CAUSAL_LM ? "token" : "row";
    }

    /** Returns the mean Jensen-Shannon divergence over all predictions, in bits, 0 to 1. */
    public Mean divergence() {
        return new Mean(mean(rows.divergence(), all()), bootstrap(rows.divergence()));
    }

    /** Returns the share of the predictions whose most probable outcomes differ, 0 to 1. */
    public Mean disagreement() {
        double[] counts = IntStream.of(rows.disagreements()).asDoubleStream().toArray();
        double share = mean(counts, all());
        return new Mean(
                share,
                task == TaskKind.CAUSAL_LM
                        ? bootstrap(counts)
                        : MetricIntervals.ofAccuracy(share, rows.predictions().length));
    }

    /** Returns the mean divergence of a row in bits; empty for a row without predictions. */
    public Optional<Double> divergence(int row) {
        return rows.predictions()[row] == 0
                ? Optional.empty()
                : Optional.of(rows.divergence()[row] / rows.predictions()[row]);
    }

    private int[] all() {
        return IntStream.range(0, rows.predictions().length).toArray();
    }

    private double mean(double[] sums, int[] drawn) {
        double sum = 0;
        long count = 0;
        for (int row : drawn) {
            sum += sums[row];
            count += rows.predictions()[row];
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /** Returns the percentile interval of the mean over all predictions when the rows are drawn with replacement. */
    private @Nullable Interval bootstrap(double[] sums) {
        int n = rows.predictions().length;
        if (n < Bootstrap.FEWEST_SAMPLES) {
            return null;
        }
        Interval interval = PairedBootstrap.interval(
                new PairedBootstrap(n, 1, DRAWS, SEED).replicates((training, drawn) -> mean(sums, drawn)),
                Bootstrap.LEVEL);
        return interval == null || interval.low() == interval.high() ? null : interval;
    }
}
