package org.layerwise.study.experiment.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Simulated experiments of arms that do not differ from their baseline, whose seeds are shared.
 *
 * @param seeds number of seeds
 * @param arms number of arms beside the baseline
 * @param spread ratio of the largest standard deviation of an arm to the smallest
 * @param baseline standard deviation of the baseline; the geometric mean of the arms' is 1
 * @param rows number of rows with values that are 0 or 1; 0 for normal values of seeds only
 */
record Families(int seeds, int arms, double spread, double baseline, int rows) {

    private static final double EASY_ROWS = 1.5;
    private static final double OF_ARM = 0.7;
    private static final double OF_SEED = 0.4;

    /** Returns the differences of the arms from the baseline in one experiment. */
    List<PairedDifference> draw(Random random) {
        return rows == 0 ? ofSeeds(random) : ofRows(random);
    }

    private double deviation(int arm) {
        return arms == 1 ? 1 : Math.pow(spread, (double) arm / (arms - 1) - 0.5);
    }

    private List<PairedDifference> ofSeeds(Random random) {
        double[] base = random.doubles(seeds)
                .map(any -> baseline * random.nextGaussian())
                .toArray();
        List<PairedDifference> differences = new ArrayList<>();
        for (int arm = 0; arm < arms; arm++) {
            double[] difference = new double[seeds];
            for (int seed = 0; seed < seeds; seed++) {
                difference[seed] = deviation(arm) * random.nextGaussian() - base[seed];
            }
            differences.add(PairedDifference.ofSeeds(difference));
        }
        return differences;
    }

    /** A row is right with a probability that depends on the row, on row and arm, and on the seed of the arm. */
    private List<PairedDifference> ofRows(Random random) {
        double[] easy = random.doubles(rows)
                .map(any -> EASY_ROWS + 2 * random.nextGaussian())
                .toArray();
        double[][] base = right(random, easy, baseline);
        List<PairedDifference> differences = new ArrayList<>();
        for (int arm = 0; arm < arms; arm++) {
            double[][] right = right(random, easy, deviation(arm));
            double[] bySeed = new double[seeds];
            for (int seed = 0; seed < seeds; seed++) {
                for (int row = 0; row < rows; row++) {
                    right[seed][row] -= base[seed][row];
                    bySeed[seed] += right[seed][row] / rows;
                }
            }
            differences.add(PairedDifference.ofSeedsAndRows(bySeed, right));
        }
        return differences;
    }

    private double[][] right(Random random, double[] easy, double deviation) {
        double[] ofArm =
                random.doubles(rows).map(any -> OF_ARM * random.nextGaussian()).toArray();
        double[][] right = new double[seeds][rows];
        for (double[] seed : right) {
            double shift = OF_SEED * deviation * random.nextGaussian();
            for (int row = 0; row < rows; row++) {
                double logit = easy[row] + ofArm[row] + shift;
                seed[row] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
            }
        }
        return right;
    }
}
