package org.layerwise.analysis.uncertainty;

import java.util.List;
import org.layerwise.base.Progress;

/** Statistic of each layer that can be computed for weighted examples. */
interface LayerStatistic {

    /** Returns n, the number of examples. */
    int samples();

    /** Returns M, the number of layers. */
    int layers();

    /**
     * Returns the importance of each layer for each set of weights.
     *
     * @param weights number of times that each of the n examples counts, not negative
     */
    Drawn importance(List<double[]> weights, Progress progress);

    /**
     * Importance of each layer in each draw, {@code [M][number of draws]}; NaN if it is undefined.
     *
     * @param measured importance by the measure itself, which selects the layers
     * @param debiased importance without the bias of few examples, so that its mean hardly depends on their number; the
     *     same array for a measure without such a bias
     */
    record Drawn(double[][] measured, double[][] debiased) {}
}
