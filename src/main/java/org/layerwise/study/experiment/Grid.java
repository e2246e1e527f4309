package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which runs there are, in which order.
 *
 * @param rates learning rates to choose from; one is taken without a sweep
 * @param seeds how many final runs an arm has
 * @param firstSeed of the final runs; the next ones follow. The sweep has the one before, so that no rate is chosen by a run
 *     that is measured
 */
public record Grid(List<Arm> arms, List<Double> rates, int seeds, long firstSeed) {

    public Grid {
        arms = List.copyOf(arms);
        rates = List.copyOf(rates);
    }

    /** The runs that choose each arm's learning rate; none where there is one rate. */
    public List<Cell> sweep() {
        List<Cell> cells = new ArrayList<>();
        if (rates.size() > 1) {
            for (Arm arm : arms) {
                rates.forEach(rate -> cells.add(new Cell(arm, rate, firstSeed - 1, true)));
            }
        }
        return cells;
    }

    /**
     * The runs that are measured. Each seed's runs of all arms follow each other, and the arms take turns in being first: a
     * machine that is slower for a while slows all arms down.
     *
     * @param chosen the learning rate of each arm
     */
    public List<Cell> finals(Map<Arm, Double> chosen) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
            for (int j = 0; j < arms.size(); j++) {
                Arm arm = arms.get((i + j) % arms.size());
                cells.add(new Cell(arm, chosen.get(arm), firstSeed + i, false));
            }
        }
        return cells;
    }

    /** How many runs there are in all. */
    public int size() {
        return (rates.size() > 1 ? arms.size() * rates.size() : 0) + arms.size() * seeds;
    }
}
