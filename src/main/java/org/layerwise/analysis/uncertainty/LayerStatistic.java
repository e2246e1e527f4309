package org.layerwise.analysis.uncertainty;

import java.util.List;
import org.layerwise.base.Progress;

/** A value of each layer that can be computed for examples that count more or less often. */
interface LayerStatistic {

    /** n, the number of examples. */
    int samples();

    /** M, the number of layers. */
    int layers();

    /**
     * The importance of each layer for each set of weights.
     *
     * @param weights how often each of the n examples counts, not negative
     */
    Drawn importance(List<double[]> weights, Progress progress);

    /**
     * The importance of each layer in each draw, {@code [M][number of draws]}; not a number where it is undefined.
     *
     * @param measured by the measure itself, which selects the layers
     * @param debiased without what few examples add, so that its mean hardly depends on their number; the same array
     *     where the measure has no such bias
     */
    record Drawn(double[][] measured, double[][] debiased) {}
}
