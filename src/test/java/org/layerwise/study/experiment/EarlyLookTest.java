package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.statistics.StoppingRule;
import org.layerwise.training.Evaluation;

/** Which arms stop after half of the seeds. */
class EarlyLookTest {

    private static final double[] WOBBLE = {0.001, -0.002, 0.002, -0.001, 0.0015};

    private static List<FinalRun> runs(Arm arm, double mean, int turn) {
        List<FinalRun> runs = new ArrayList<>();
        for (int seed = 0; seed < WOBBLE.length; seed++) {
            double value = mean + WOBBLE[(seed + turn) % WOBBLE.length];
            Evaluation measured = new Evaluation(value, 400, Map.of("accuracy", value));
            TrainingSummary summary = new TrainingSummary(
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
                    1,
                    0);
            runs.add(new FinalRun(
                    new Cell(arm, 1e-3, seed, Cell.Purpose.FINAL), summary, measured, measured, null, null));
        }
        return runs;
    }

    private static Map<Arm, List<FinalRun>> arms() {
        Map<Arm, List<FinalRun>> arms = new LinkedHashMap<>();
        arms.put(Arm.ALL, runs(Arm.ALL, 0.8, 0));
        arms.put(Arm.RANDOM, runs(Arm.RANDOM, 0.8, 1));
        arms.put(Arm.LAST, runs(Arm.LAST, 0.6, 2));
        arms.put(Arm.SELECTED, runs(Arm.SELECTED, 0.9, 3));
        return arms;
    }

    private static EarlyLook look(String metric) {
        return new EarlyLook(new StoppingRule(10), new BestMetric(metric), 42);
    }

    @Test
    void onlyArmsThatAreCertainlyWorseStop() {
        assertThat(look("accuracy").stopped(arms())).containsExactly(Arm.LAST);
        assertThat(look("loss").stopped(arms())).as("a higher loss is worse").containsExactly(Arm.SELECTED);
    }

    @Test
    void aSeedThatOneOfThemLacksIsLeftOut() {
        Map<Arm, List<FinalRun>> arms = arms();
        arms.put(Arm.LAST, arms.get(Arm.LAST).subList(1, 5));
        assertThat(look("accuracy").stopped(arms)).containsExactly(Arm.LAST);
        arms.put(Arm.LAST, arms.get(Arm.LAST).subList(3, 4));
        assertThat(look("accuracy").stopped(arms))
                .as("one seed decides nothing")
                .isEmpty();
    }

    @Test
    void withoutAllLayersNothingStops() {
        Map<Arm, List<FinalRun>> arms = arms();
        arms.remove(Arm.ALL);
        assertThat(look("accuracy").stopped(arms)).isEmpty();
    }
}
