package org.layerwise.study.experiment.statistics;

/** Ranks of arms among each other, within each seed. */
public final class Ranks {

    private Ranks() {}

    /**
     * Returns the rank of each arm in each seed [arms, seeds]: 1 for the best; equal values share the mean of their
     * ranks.
     *
     * @param values values of the metric [arms, seeds], all of them known
     * @param lessIsBetter true if smaller values are better
     */
    public static double[][] of(double[][] values, boolean lessIsBetter) {
        double[][] ranks = new double[values.length][];
        for (int arm = 0; arm < values.length; arm++) {
            ranks[arm] = new double[values[arm].length];
            for (int seed = 0; seed < ranks[arm].length; seed++) {
                double mine = values[arm][seed];
                double rank = 0.5;
                for (double[] other : values) {
                    rank += other[seed] == mine ? 0.5 : other[seed] < mine == lessIsBetter ? 1 : 0;
                }
                ranks[arm][seed] = rank;
            }
        }
        return ranks;
    }
}
