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
     * The importance of each layer, up to a constant that changes no order, for each set of weights.
     *
     * @param weights how often each of the n examples counts, not negative
     * @return {@code [M][number of weights]}; not a number where it is undefined
     */
    double[][] importance(List<double[]> weights, Progress progress);
}
