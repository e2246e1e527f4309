package org.layerwise.analysis.agreement;

/** Ranks of numbers. */
final class Ranks {

    private Ranks() {}

    /** Returns the rank of each value, 1 for the smallest; tied values have the mean of their ranks. */
    static double[] of(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int below = 0;
            int same = 0;
            for (double other : values) {
                below += other < values[i] ? 1 : 0;
                same += other == values[i] ? 1 : 0;
            }
            ranks[i] = below + (same + 1) / 2.0;
        }
        return ranks;
    }
}
