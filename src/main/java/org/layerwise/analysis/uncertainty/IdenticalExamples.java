package org.layerwise.analysis.uncertainty;

/**
 * Groups of examples with the same hidden state. A draw of one group alone has a constant hidden state, whose
 * self-similarity is rounding, and its CKA is undefined as that of a state that is constant over all examples.
 *
 * @param groups number of each example's group, 0 to n-1
 */
record IdenticalExamples(int[] groups) {

    /**
     * Threshold of difference: two examples are alike if their distance is at most this share of the largest distance
     * of an example from the mean.
     */
    private static final double ALIKE = 1e-6;

    /**
     * Compares the examples.
     *
     * @param gram {@code [n, n]}, row-major, of centred columns
     */
    static IdenticalExamples of(double[] gram, int n) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, gram[i * n + i]);
        }
        int[] groups = new int[n];
        int[] first = new int[n];
        int found = 0;
        for (int i = 0; i < n; i++) {
            int group = 0;
            while (group < found && squaredDistance(gram, n, i, first[group]) > ALIKE * ALIKE * largest) {
                group++;
            }
            if (group == found) {
                first[found++] = i;
            }
            groups[i] = group;
        }
        return new IdenticalExamples(groups);
    }

    private static double squaredDistance(double[] gram, int n, int i, int j) {
        return gram[i * n + i] + gram[j * n + j] - 2 * gram[i * n + j];
    }

    /**
     * Returns the number of drawn examples outside the largest drawn group, without their copies. With 0 the hidden
     * state is constant in the draw; with 1 its U-centred Gram is 0.
     *
     * @param weights number of times that each example is drawn
     */
    int outsideLargest(double[] weights) {
        int[] sizes = new int[groups.length];
        int drawn = 0;
        int largest = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                drawn++;
                largest = Math.max(largest, ++sizes[groups[i]]);
            }
        }
        return drawn - largest;
    }
}
