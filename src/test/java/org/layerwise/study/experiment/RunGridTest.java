package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.rules.Sweep;
import org.layerwise.training.Evaluation;

/** Which runs an experiment has, and with which learning rate. */
class RunGridTest {

    @Test
    void everyArmTriesEveryRateWithASeedThatIsNotMeasured() {
        RunGrid grid = new RunGrid(List.of(Arm.ALL, Arm.LAST), List.of(1e-3, 2e-3, 4e-3), 2, 42);

        assertThat(grid.sweep())
                .hasSize(6)
                .allMatch(cell -> cell.purpose() == Cell.Purpose.SWEEP)
                .allMatch(cell -> cell.seed() == 41)
                .contains(new Cell(Arm.LAST, 4e-3, 41, Cell.Purpose.SWEEP));
        assertThat(new RunGrid(List.of(Arm.ALL), List.of(1e-3), 3, 42).sweep()).isEmpty();
    }

    @Test
    void whatIsPrunedChoosesNoRate() {
        RunGrid grid = new RunGrid(List.of(Arm.PRUNED, Arm.ALL), List.of(1e-3, 2e-3), 1, 42);
        assertThat(grid.sweep()).hasSize(2).allMatch(cell -> cell.arm().equals(Arm.ALL));
        assertThat(grid.finals(Map.of(Arm.ALL, 2e-3, Arm.PRUNED, 2e-3), 0, 1, List.of()))
                .containsExactly(
                        new Cell(Arm.PRUNED, 2e-3, 42, Cell.Purpose.FINAL),
                        new Cell(Arm.ALL, 2e-3, 42, Cell.Purpose.FINAL));
    }

    @Test
    void armsOfASeedFollowEachOtherAndTakeTurns() {
        RunGrid grid = new RunGrid(List.of(Arm.ALL, Arm.SELECTED, Arm.LAST), List.of(1e-3, 2e-3), 2, 7);
        List<Cell> cells =
                grid.finals(Map.of(Arm.ALL, 1e-3, Arm.SELECTED, 2e-3, Arm.LAST, 1e-3), 0, grid.seeds(), List.of());

        assertThat(cells)
                .containsExactly(
                        new Cell(Arm.ALL, 1e-3, 7, Cell.Purpose.FINAL),
                        new Cell(Arm.SELECTED, 2e-3, 7, Cell.Purpose.FINAL),
                        new Cell(Arm.LAST, 1e-3, 7, Cell.Purpose.FINAL),
                        new Cell(Arm.SELECTED, 2e-3, 8, Cell.Purpose.FINAL),
                        new Cell(Arm.LAST, 1e-3, 8, Cell.Purpose.FINAL),
                        new Cell(Arm.ALL, 1e-3, 8, Cell.Purpose.FINAL));
    }

    @Test
    void stoppedArmsHaveNoFurtherRuns() {
        RunGrid grid = new RunGrid(List.of(Arm.ALL, Arm.SELECTED, Arm.LAST), List.of(1e-3), 4, 7);
        Map<Arm, Double> chosen = Map.of(Arm.ALL, 1e-3, Arm.SELECTED, 1e-3, Arm.LAST, 1e-3);

        assertThat(grid.finals(chosen, 0, 3, List.of()))
                .isEqualTo(grid.finals(chosen, 0, grid.seeds(), List.of()).subList(0, 9));
        assertThat(grid.finals(chosen, 3, 4, List.of(Arm.SELECTED)))
                .containsExactly(
                        new Cell(Arm.ALL, 1e-3, 10, Cell.Purpose.FINAL),
                        new Cell(Arm.LAST, 1e-3, 10, Cell.Purpose.FINAL));
    }

    @Test
    void noTwoRunsShareAFolder() {
        RunGrid grid = new RunGrid(Arm.USUAL, List.of(1e-3, 2e-3, 5e-5), 3, 42);
        Set<String> folders = new HashSet<>();
        grid.sweep().forEach(cell -> assertThat(folders.add(cell.folder())).isTrue());
        grid.finals(
                        Map.of(Arm.ALL, 1e-3, Arm.SELECTED, 2e-3, Arm.RANDOM, 1e-3, Arm.LAST, 5e-5),
                        0,
                        grid.seeds(),
                        List.of())
                .forEach(cell -> assertThat(folders.add(cell.folder())).isTrue());

        assertThat(folders).hasSize(grid.sweep().size() + 4 * grid.seeds()).contains("runs/final/last-lr5e-05-seed44");
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
