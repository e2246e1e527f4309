package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.statistics.Coverage;
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
                new Cell(arm, 1e-3, seed, Cell.Purpose.FINAL),
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
                predictions,
                predictions.metrics());
    }

    private static Map<Arm, ArmResult> compare(BestMetric metric, Map<Arm, List<FinalRun>> runs) {
        Map<Arm, Double> rates = new LinkedHashMap<>();
        runs.keySet().forEach(arm -> rates.put(arm, 1e-3));
        Map<Arm, ArmResult> results = new LinkedHashMap<>();
        new Comparisons(metric, 42)
                .arms(List.copyOf(rates.keySet()), rates, Map.of(), runs)
                .forEach(result -> results.put(result.arm(), result));
        return results;
    }

    private static Map<Arm, ArmResult> compare(List<FinalRun> all, List<FinalRun> last) {
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        runs.put(Arm.ALL, all);
        runs.put(Arm.LAST, last);
        return compare(new BestMetric("accuracy"), runs);
    }

    @Test
    void meanSpreadAndDifference() {
        List<FinalRun> all = List.of(run(Arm.ALL, 1, 2, 0, 1, 0, 1), run(Arm.ALL, 2, 4, 0, 1, 0, 0));
        List<FinalRun> last = List.of(run(Arm.LAST, 1, 1, 0, 0, 0, 1), run(Arm.LAST, 2, 3, 0, 0, 0, 0));
        Map<Arm, ArmResult> results = compare(all, last);
        ArmResult first = results.get(Arm.ALL);
        ArmResult second = results.get(Arm.LAST);

        assertThat(first.mean()).isEqualTo(0.875);
        assertThat(first.spread()).isCloseTo(Math.sqrt(2 * 0.125 * 0.125), within(1e-15));
        assertThat(first.fromAll()).isNull();
        assertThat(first.fromRandom()).as("there is no random arm").isNull();
        assertThat(second.mean()).isEqualTo(0.625);
        ArmResult.Difference difference = second.fromAll();
        assertThat(difference).isNotNull();
        assertThat(difference.value()).isEqualTo(-0.25);
        assertThat(difference.seeds()).isEqualTo(2);
        assertThat(difference.coverage()).isEqualTo(Coverage.SEEDS_AND_ROWS);
        // the arms differ on row 1 alone, for both seeds: a standard deviation of 0.5 over four rows, t with 3 degrees
        // of freedom; the level of one arm is that of 20,000 draws of t with one degree, within some per cent
        Interval interval = difference.interval();
        assertThat(interval.low()).isCloseTo(-0.25 - 3.1824463 * 0.25, within(1e-6));
        assertThat(interval.high()).isCloseTo(-0.25 + 3.1824463 * 0.25, within(1e-6));
        // SciPy: 2 * t.sf(1, 3)
        assertThat(difference.p()).isCloseTo(0.39100221895577053, within(1e-9));
        assertThat(difference.decided()).isFalse();
        assertThat(second.ratio(first, one -> one.summary().secondsPerStep())).isCloseTo(0.625, within(1e-12));
        assertThat(second.secondsPerStep()).isEqualTo(2);
    }

    @Test
    void oneSeedDecidesNothing() {
        ArmResult result = compare(List.of(run(Arm.ALL, 1, 1, 0, 1, 0, 1)), List.of(run(Arm.LAST, 1, 1, 1, 0, 1, 1)))
                .get(Arm.LAST);

        assertThat(result.fromAll().value()).isEqualTo(-0.75);
        assertThat(result.fromAll().coverage()).isEqualTo(Coverage.ROWS);
        assertThat(result.fromAll().interval()).isNotNull();
        assertThat(result.fromAll().decided()).isFalse();
        assertThat(result.spread()).isNaN();
        ArmResult.Difference wide =
                new ArmResult.Difference(-1, 1, new Interval(-1.1, -0.9), 0.95, 0.001, Coverage.ROWS, Double.NaN);
        assertThat(wide.decided()).as("the interval covers no other seed").isFalse();
        assertThat(new ArmResult.Difference(-1, 3, new Interval(-1.1, -0.9), 0.95, 0.001, Coverage.SEEDS, 1).decided())
                .isTrue();
    }

    @Test
    void onlySeedsThatBothHaveAreCompared() {
        List<FinalRun> all = List.of(run(Arm.ALL, 1, 1, 0, 1, 0, 1), run(Arm.ALL, 2, 1, 1, 1, 1, 1));
        ArmResult result =
                compare(all, List.of(run(Arm.LAST, 2, 1, 0, 1, 0, 1))).get(Arm.LAST);

        assertThat(result.fromAll()).isNotNull();
        assertThat(result.fromAll().value()).isEqualTo(0.5);
        assertThat(result.fromAll().seeds()).isEqualTo(1);
        assertThat(compare(all, List.of(run(Arm.LAST, 9, 1, 0, 1, 0, 1)))
                        .get(Arm.LAST)
                        .fromAll())
                .isNull();
    }

    /** A run that is told by its loss alone, without predictions. */
    private static FinalRun told(Arm arm, long seed, double loss) {
        FinalRun one = run(arm, seed, 1, 0, 1, 0, 1);
        Evaluation measured = new Evaluation(loss, 4, Map.of());
        return new FinalRun(one.cell(), one.summary(), measured, measured, null, null);
    }

    private static List<FinalRun> told(Arm arm, double... losses) {
        return IntStream.range(0, losses.length)
                .mapToObj(i -> told(arm, i, losses[i]))
                .toList();
    }

    @Test
    void withoutPredictionsSeedsAlone() {
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        runs.put(Arm.ALL, told(Arm.ALL, 0.81, 0.83, 0.79, 0.85, 0.80));
        runs.put(Arm.LAST, told(Arm.LAST, 0.84, 0.85, 0.80, 0.85, 0.82));
        ArmResult.Difference difference =
                compare(new BestMetric("loss"), runs).get(Arm.LAST).fromAll();

        assertThat(difference.coverage()).isEqualTo(Coverage.SEEDS);
        assertThat(difference.value()).isCloseTo(0.016, within(1e-12));
        // SciPy's ttest_rel
        assertThat(difference.p()).isCloseTo(0.03491970667453895, within(1e-9));
        assertThat(difference.interval().high()).isCloseTo(0.030157147769822652, within(1e-9));
        assertThat(difference.decided()).isTrue();
        // the paired spread is 0.0114; one comparison, five seeds
        assertThat(difference.smallest()).isBetween(0.018, 0.022);

        runs.put(Arm.LAST, told(Arm.LAST, 0.84));
        ArmResult one = compare(new BestMetric("loss"), runs).get(Arm.LAST);
        assertThat(one.mean()).isEqualTo(0.84);
        assertThat(one.interval()).isNull();
        assertThat(one.fromAll().interval()).isNull();
        assertThat(one.fromAll().decided()).isFalse();
    }

    /** Losses of the rows of a language model: a mean weighted by tokens, and no predictions. */
    @Test
    void lossesOfRowsCoverRows() {
        double[] tokens = {1, 1, 1, 1};
        double[][] losses = {{1, 2, 3, 4}, {1.1, 2, 3, 4.1}, {1, 2.2, 3, 4}};
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        for (Arm arm : List.of(Arm.ALL, Arm.LAST)) {
            runs.put(
                    arm,
                    IntStream.range(0, 3)
                            .mapToObj(seed -> {
                                double[] own = Arrays.stream(losses[seed])
                                        .map(loss -> arm.equals(Arm.ALL) ? loss : 1.1 * loss)
                                        .toArray();
                                RowMetrics rows = new RowMetrics(new double[0], new double[0], 1, own, tokens);
                                FinalRun told = told(
                                        arm, seed, Arrays.stream(own).average().orElseThrow());
                                return new FinalRun(
                                        told.cell(), told.summary(), told.own(), told.measured(), null, rows);
                            })
                            .toList());
        }
        ArmResult.Difference difference =
                compare(new BestMetric("loss"), runs).get(Arm.LAST).fromAll();
        assertThat(difference.coverage()).isEqualTo(Coverage.SEEDS_AND_ROWS);
        assertThat(difference.value()).isCloseTo(0.1 * (2.5 + 2.55 + 2.55) / 3, within(1e-12));
        // the rows differ by 0.1 to 0.4, with a standard deviation of about 0.13 and a standard error of 0.063
        Interval interval = difference.interval();
        assertThat((interval.high() - interval.low()) / 2).isBetween(1.96 * 0.06, 3.2 * 0.07);
    }

    @Test
    void armsAreComparedWithAllAndWithRandomLayers() {
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        runs.put(Arm.ALL, told(Arm.ALL, 0.81, 0.83, 0.79, 0.85, 0.80));
        runs.put(Arm.SELECTED, told(Arm.SELECTED, 0.84, 0.85, 0.80, 0.85, 0.82));
        runs.put(Arm.RANDOM, told(Arm.RANDOM, 0.85, 0.85, 0.81, 0.86, 0.83));
        runs.put(Arm.LAST, told(Arm.LAST, 0.86, 0.84, 0.85, 0.82, 0.88));
        Map<Arm, ArmResult> results = compare(new BestMetric("loss"), runs);

        assertThat(results.get(Arm.ALL).fromRandom()).isNull();
        assertThat(results.get(Arm.RANDOM).fromRandom()).isNull();
        assertThat(results.get(Arm.RANDOM).fromAll()).isNotNull();
        ArmResult selected = results.get(Arm.SELECTED);
        assertThat(selected.fromRandom().value()).isCloseTo(-0.008, within(1e-12));
        Interval together = selected.fromAll().interval();
        assertThat(together.high() - together.low())
                .as("wider than the interval of this arm alone")
                .isGreaterThan(1.2 * (0.030157147769822652 - 0.0018428522301772877));
        assertThat(selected.fromAll().p()).isGreaterThan(0.03491970667453895);
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
        FinalRun lacks =
                new FinalRun(whole.cell(), whole.summary(), broken, broken, predictions, predictions.metrics());
        ArmResult arm = compare(List.of(whole), List.of(lacks)).get(Arm.LAST);
        assertThat(arm.mean()).isNaN();
        assertThat(arm.interval()).isNull();
        assertThat(arm.fromAll().value()).isNaN();
        assertThat(arm.fromAll().interval()).isNull();
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
