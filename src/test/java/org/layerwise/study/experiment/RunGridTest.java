package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.settings.BestMetric;
import org.layerwise.training.Evaluation;

/** Which runs an experiment has, on which layers, and with which learning rate. */
class RunGridTest {

    private static final SortedSet<Integer> SELECTED = new TreeSet<>(List.of(0, 3, 5));

    @Test
    void everyArmTriesEveryRateWithASeedThatIsNotMeasured() {
        RunGrid grid = new RunGrid(List.of(Arm.ALL, Arm.LAST), List.of(1e-3, 2e-3, 4e-3), 2, 42);

        assertThat(grid.sweep())
                .hasSize(6)
                .allMatch(Cell::sweep)
                .allMatch(cell -> cell.seed() == 41)
                .contains(new Cell(Arm.LAST, 4e-3, 41, true));
        assertThat(grid.size()).isEqualTo(10);
        assertThat(new RunGrid(List.of(Arm.ALL), List.of(1e-3), 3, 42).sweep()).isEmpty();
        assertThat(new RunGrid(List.of(Arm.ALL), List.of(1e-3), 3, 42).size()).isEqualTo(3);
    }

    @Test
    void armsOfASeedFollowEachOtherAndTakeTurns() {
        RunGrid grid = new RunGrid(List.of(Arm.ALL, Arm.SELECTED, Arm.LAST), List.of(1e-3, 2e-3), 2, 7);
        List<Cell> cells = grid.finals(Map.of(Arm.ALL, 1e-3, Arm.SELECTED, 2e-3, Arm.LAST, 1e-3));

        assertThat(cells)
                .containsExactly(
                        new Cell(Arm.ALL, 1e-3, 7, false),
                        new Cell(Arm.SELECTED, 2e-3, 7, false),
                        new Cell(Arm.LAST, 1e-3, 7, false),
                        new Cell(Arm.SELECTED, 2e-3, 8, false),
                        new Cell(Arm.LAST, 1e-3, 8, false),
                        new Cell(Arm.ALL, 1e-3, 8, false));
    }

    @Test
    void noTwoRunsShareAFolder() {
        RunGrid grid = new RunGrid(List.of(Arm.values()), List.of(1e-3, 2e-3, 5e-5), 3, 42);
        Set<String> folders = new HashSet<>();
        grid.sweep().forEach(cell -> assertThat(folders.add(cell.folder())).isTrue());
        grid.finals(Map.of(Arm.ALL, 1e-3, Arm.SELECTED, 2e-3, Arm.RANDOM, 1e-3, Arm.LAST, 5e-5))
                .forEach(cell -> assertThat(folders.add(cell.folder())).isTrue());

        assertThat(folders).hasSize(grid.size()).contains("runs/final/last-lr5e-05-seed44");
    }

    @Test
    void halvesHaveAsManyLayersAsTheSelection() {
        assertThat(Arm.ALL.layers(6, SELECTED, 1)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(Arm.SELECTED.layers(6, SELECTED, 1)).isEqualTo(SELECTED);
        assertThat(Arm.LAST.layers(6, SELECTED, 1)).containsExactly(3, 4, 5);
        assertThat(Arm.RANDOM.layers(6, SELECTED, 1)).hasSize(3);
    }

    @Test
    void anotherSeedDrawsOtherLayersAndTheSameTheSame() {
        Set<SortedSet<Integer>> draws = new HashSet<>();
        Set<Integer> drawn = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            SortedSet<Integer> layers = Arm.RANDOM.layers(6, SELECTED, seed);
            assertThat(Arm.RANDOM.layers(6, SELECTED, seed)).isEqualTo(layers);
            draws.add(layers);
            drawn.addAll(layers);
        }
        assertThat(draws).as("three of six can be drawn in 20 ways").hasSize(20);
        assertThat(drawn).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    /** Expected is each layer in {@code count / of} of the seeds; the bound is five standard errors of a draw by chance. */
    @ParameterizedTest
    @MethodSource("sizes")
    void randomLayersAreDrawnEquallyOftenOverNeighbouringSeeds(int of) {
        int seeds = 1000;
        SortedSet<Integer> half =
                new TreeSet<>(IntStream.range(0, of / 2).boxed().toList());
        int[] drawn = new int[of];
        for (int seed = 0; seed < seeds; seed++) {
            Arm.RANDOM.layers(of, half, seed).forEach(layer -> drawn[layer]++);
        }

        double share = (double) half.size() / of;
        double error = Math.sqrt(seeds * share * (1 - share));
        for (int layer = 0; layer < of; layer++) {
            assertThat((double) drawn[layer])
                    .as("how often layer %d of %d is drawn", layer, of)
                    .isCloseTo(seeds * share, within(5 * error));
        }
    }

    static IntStream sizes() {
        return IntStream.rangeClosed(4, 32);
    }

    @Test
    void theBestRateIsTakenByTheMetricThenTheLossThenTheLowest() {
        BestMetric accuracy = new BestMetric("accuracy");
        Sweep.Tried low = tried(1e-4, 0.8, 0.5);
        Sweep.Tried middle = tried(1e-3, 0.9, 0.4);
        Sweep.Tried high = tried(1e-2, 0.9, 0.3);

        assertThat(Sweep.best(List.of(low, middle, high), accuracy)).contains(high);
        assertThat(Sweep.best(List.of(high, middle, low), accuracy)).contains(high);
        assertThat(Sweep.best(List.of(tried(1e-2, 0.9, 0.4), middle), accuracy)).contains(middle);
        assertThat(Sweep.best(List.of(tried(1, Double.NaN, Double.NaN), low), accuracy))
                .contains(low);
        assertThat(Sweep.best(List.of(low, middle), new BestMetric("loss"))).contains(middle);
        assertThat(Sweep.best(List.of(), accuracy)).isEmpty();
    }

    private static Sweep.Tried tried(double rate, double accuracy, double loss) {
        return new Sweep.Tried(rate, new Evaluation(loss, 10, Map.of("accuracy", accuracy)));
    }
}
