package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Progress;
import org.layerwise.base.Statistics;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.settings.BestMetric;
import org.layerwise.training.Evaluation;

/** Means, spreads and differences against values worked out by hand. */
class ComparisonsTest {

    private static final Predictions SAID = new Predictions(new double[] {0, 1}, new double[] {0, 1}, true, 2);

    private static final double[] LABELS = {0, 1, 0, 1};

    @TempDir
    Path folder;

    private static FinalRun run(Arm arm, long seed, double secondsPerStep, double... predicted) {
        Predictions predictions = new Predictions(LABELS, predicted, true, 2);
        double accuracy = predictions.metric("accuracy", IntStream.range(0, 4).toArray());
        Evaluation measured = new Evaluation(0.5, 4, Map.of("accuracy", accuracy));
        return new FinalRun(
                new Cell(arm, 1e-3, seed, false),
                new TrainingSummary(
                        Path.of(""),
                        false,
                        false,
                        1,
                        1,
                        0,
                        new TreeSet<>(List.of(0)),
                        10,
                        20,
                        100,
                        null,
                        null,
                        null,
                        1,
                        1,
                        secondsPerStep,
                        0),
                measured,
                measured,
                predictions);
    }

    @Test
    void meanSpreadAndDifference() {
        List<FinalRun> all = List.of(run(Arm.ALL, 1, 2, 0, 1, 0, 1), run(Arm.ALL, 2, 4, 0, 1, 0, 0));
        List<FinalRun> last = List.of(run(Arm.LAST, 1, 1, 0, 0, 0, 1), run(Arm.LAST, 2, 3, 0, 0, 0, 0));
        Comparisons comparisons = new Comparisons(new BestMetric("accuracy"), 42);
        ArmResult first = comparisons.arm(Arm.ALL, 1e-3, List.of(), all, List.of());
        ArmResult second = comparisons.arm(Arm.LAST, 1e-3, List.of(), last, all);

        assertThat(first.mean()).isEqualTo(0.875);
        assertThat(first.spread()).isCloseTo(Math.sqrt(2 * 0.125 * 0.125), within(1e-15));
        assertThat(first.difference()).isNull();
        assertThat(second.mean()).isEqualTo(0.625);
        ArmResult.Difference difference = second.difference();
        assertThat(difference).isNotNull();
        assertThat(difference.value()).isEqualTo(-0.25);
        assertThat(difference.seeds()).isEqualTo(2);
        // the arms differ on row 1 alone, for both seeds: a draw sees that row k times, and the difference is -k/4,
        // where k is
        // binomial with 4 draws of 1/4; more than 2.5 % of the draws have k = 3, and 31.6 % have k = 0
        assertThat(difference.interval()).isEqualTo(new Interval(-0.75, 0));
        assertThat(difference.shown()).isFalse();
        assertThat(second.ratio(first, one -> one.summary().secondsPerStep())).isCloseTo(0.625, within(1e-12));
        assertThat(second.secondsPerStep()).isEqualTo(2);
    }

    @Test
    void aDifferenceOnEveryRowIsShown() {
        List<FinalRun> all = List.of(run(Arm.ALL, 1, 1, 0, 1, 0, 1));
        List<FinalRun> last = List.of(run(Arm.LAST, 1, 1, 1, 0, 1, 0));
        ArmResult result = new Comparisons(new BestMetric("accuracy"), 1).arm(Arm.LAST, 1, List.of(), last, all);

        assertThat(result.difference()).isEqualTo(new ArmResult.Difference(-1, 1, new Interval(-1, -1)));
        assertThat(result.difference().shown()).isTrue();
        assertThat(result.spread()).isNaN();
    }

    @Test
    void onlySeedsThatBothHaveAreCompared() {
        List<FinalRun> all = List.of(run(Arm.ALL, 1, 1, 0, 1, 0, 1), run(Arm.ALL, 2, 1, 1, 1, 1, 1));
        List<FinalRun> last = List.of(run(Arm.LAST, 2, 1, 0, 1, 0, 1));
        ArmResult result = new Comparisons(new BestMetric("accuracy"), 1).arm(Arm.LAST, 1, List.of(), last, all);

        assertThat(result.difference()).isNotNull();
        assertThat(result.difference().value()).isEqualTo(0.5);
        assertThat(result.difference().seeds()).isEqualTo(1);
        ArmResult alone = new Comparisons(new BestMetric("accuracy"), 1)
                .arm(Arm.LAST, 1, List.of(), List.of(run(Arm.LAST, 9, 1, 0, 1, 0, 1)), all);
        assertThat(alone.difference()).isNull();
    }

    @Test
    void withoutPredictionsThereIsNoInterval() {
        FinalRun one = run(Arm.ALL, 1, 1, 0, 1, 0, 1);
        Evaluation none = new Evaluation(0.5, 4, Map.of());
        FinalRun told = new FinalRun(one.cell(), one.summary(), none, none, null);
        ArmResult result =
                new Comparisons(new BestMetric("loss"), 1).arm(Arm.LAST, 1, List.of(), List.of(told), List.of(told));

        assertThat(result.mean()).isEqualTo(0.5);
        assertThat(result.interval()).isNull();
        assertThat(result.difference()).isEqualTo(new ArmResult.Difference(0, 1, null));
    }

    @Test
    void predictionsAreReadAndMeasuredOnAnyRows() throws Exception {
        Path file = folder.resolve("predictions.jsonl");
        Files.write(
                file,
                List.of(
                        "{\"row\":0,\"label\":0,\"predicted\":1,\"logits\":[0.1,0.2,0.0]}",
                        "{\"row\":1,\"label\":2,\"predicted\":2,\"logits\":[0.1,0.2,0.3]}",
                        "{\"row\":2,\"label\":2,\"predicted\":2,\"logits\":[0.1,0.2,0.3]}"));
        Predictions predictions = Predictions.read(file);

        assertThat(predictions.rows()).isEqualTo(3);
        assertThat(predictions.classes()).isTrue();
        assertThat(predictions.outputs()).isEqualTo(3);
        assertThat(predictions.metric("accuracy", new int[] {0, 1, 1, 1})).isEqualTo(0.75);
        assertThat(predictions.metric("f1", new int[] {0, 1, 2})).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(predictions.majority()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(List.of("accuracy", "matthews", "f1", "pearson", "spearman")).allMatch(SAID::canCompute);
        assertThat(SAID.canCompute("perplexity")).isFalse();
    }

    @Test
    void metricsOfPredictionsHaveTheirIntervalsAndTheLossKeepsItsOwn() {
        Predictions predictions =
                new Predictions(new double[] {0, 1, 0, 1, 0, 1, 0, 1}, new double[] {0, 1, 0, 1, 0, 1, 1, 0}, true, 2);
        Interval wrong = new Interval(0.1, 0.2);
        Evaluation run = new Evaluation(
                0.5,
                8,
                Map.of("accuracy", 0.5, "f1", 0.4, "other", 0.3),
                Map.of("loss", wrong, "f1", wrong, "other", wrong));

        Evaluation found = predictions.of(run, Progress.none());

        assertThat(found.metrics()).containsEntry("accuracy", 0.75).containsEntry("other", 0.3);
        assertThat(found.intervals())
                .containsEntry("loss", wrong)
                .containsEntry("other", wrong)
                .containsEntry("accuracy", MetricIntervals.ofAccuracy(0.75, 8))
                .doesNotContainKey("f1");
        assertThat(found.withoutInterval()).containsOnly(Map.entry("f1", "fewer than 16 rows"));
    }

    /** As of a job in bfloat16 in which a row is NaN that is a number here. */
    @Test
    void aMetricThatIsNoNumberInTheRunStaysSo() {
        Predictions predictions = new Predictions(LABELS, new double[] {0, 1, 0, 1}, true, 2);
        Evaluation broken = new Evaluation(Double.NaN, 4, Map.of("accuracy", Double.NaN));

        assertThat(predictions.of(broken, Progress.none())).isEqualTo(broken);

        FinalRun whole = run(Arm.ALL, 1, 1, 0, 1, 0, 1);
        FinalRun lacks = new FinalRun(whole.cell(), whole.summary(), broken, broken, predictions);
        ArmResult arm = new Comparisons(new BestMetric("accuracy"), 1)
                .arm(Arm.LAST, 1, List.of(), List.of(lacks), List.of(whole));
        assertThat(arm.mean()).isNaN();
        assertThat(arm.interval()).isNull();
        assertThat(arm.difference().value()).isNaN();
        assertThat(arm.difference().interval()).isNull();
    }

    /** Of the run itself, which had other batches, and the last bits of its predictions with them. */
    @Test
    void anotherOrderOfNearlyEqualPredictionsIsNoOtherValue() {
        double[] ascending = IntStream.range(0, 200).mapToDouble(row -> row).toArray();
        double[] swapped = ascending.clone();
        swapped[100] = 101;
        swapped[101] = 100;
        double spearman = new Predictions(ascending, swapped, false, 1)
                .metric("spearman", IntStream.range(0, 200).toArray());
        assertThat(spearman).isLessThan(1 - 1e-6);
        Evaluation run = new Evaluation(0.5, 200, Map.of("spearman", 1.0), Map.of("spearman", new Interval(0.9, 1)));

        assertThat(new Predictions(ascending, swapped, false, 1).of(run, Progress.none()))
                .isSameAs(run);
    }

    @Test
    void numbersAreCorrelated() {
        Predictions numbers = new Predictions(new double[] {1, 2, 3}, new double[] {10, 20, 25}, false, 1);

        assertThat(numbers.metric("spearman", new int[] {0, 1, 2})).isCloseTo(1, within(1e-12));
        assertThat(numbers.metric("pearson", new int[] {0, 1})).isCloseTo(1, within(1e-12));
        assertThat(Statistics.median(Arrays.asList(3.0, 1.0, 2.0, 10.0))).isEqualTo(2.5);
        assertThat(Statistics.median(List.of())).isNaN();
    }
}
