package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs of an experiment in their order.
 *
 * @param arms arms to compare
 * @param rates learning rates to choose from; a single one is used without a sweep
 * @param seeds number of final runs per arm
 * @param firstSeed seed of the first final run; the other final runs have the following seeds. The sweep has the
 *     preceding seed, so that no learning rate is chosen by a run that is reported
 */
public record RunGrid(List<Arm> arms, List<Double> rates, int seeds, long firstSeed) {

    public RunGrid {
        arms = List.copyOf(arms);
        rates = List.copyOf(rates);
    }

    /** Returns the seed of the runs before the final ones. */
    long sweepSeed() {
        return firstSeed - 1;
    }

    /**
     * Returns the runs that choose the learning rate of each arm that is trained; empty if there is one learning rate.
     */
    public List<Cell> sweep() {
        List<Cell> cells = new ArrayList<>();
        if (rates.size() > 1) {
            for (Arm arm : arms.stream().filter(Arm::isTrained).toList()) {
                rates.forEach(rate -> cells.add(new Cell(arm, rate, sweepSeed(), Cell.Purpose.SWEEP)));
            }
        }
        return cells;
    }

    /**
     * Returns the final runs of some of the seeds. The runs of a seed follow each other, and the first arm changes from
     * seed to seed, so that a machine that is slower for a while affects all arms.
     *
     * @param chosen learning rate of each arm
     * @param from index of the first seed, from 0
     * @param to index after the last seed
     * @param without arms that have no more runs
     */
    List<Cell> finals(Map<Arm, Double> chosen, int from, int to, List<Arm> without) {
        List<Cell> cells = new ArrayList<>();
        for (int i = from; i < to; i++) {
            for (int j = 0; j < arms.size(); j++) {
                Arm arm = arms.get((i + j) % arms.size());
                if (!without.contains(arm)) {
                    cells.add(
                            new Cell(arm, Objects.requireNonNull(chosen.get(arm)), firstSeed + i, Cell.Purpose.FINAL));
                }
            }
        }
        return cells;
    }
}
