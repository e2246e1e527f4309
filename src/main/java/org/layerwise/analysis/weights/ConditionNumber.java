package org.layerwise.analysis.weights;

import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.Citation;

/**
 * Condition number of a weight: its largest singular value over its smallest, as KappaTune computes it (arXiv 2506.16289,
 * {@code KappaTuneSelector} of PEFT). KappaTune adapts the modules with the lowest numbers, so the importance is the inverse.
 */
public final class ConditionNumber {

    /** Number that PEFT adds to the smallest singular value. */
    private static final double EPSILON = 1e-8;

    /** The measure. */
    public static final Measure MEASURE = Measure.ofWeights("condition", ConditionNumber::inverse, ModuleAverage.MEAN)
            .title("inverse condition number of the weights")
            .shortName("1 / condition")
            .description(
                    "The smallest singular value of a weight over its largest: weights that are well conditioned hold less that can be forgotten. Needs no data. A layer's value is the mean over its modules.")
            .citing(
                    new Citation(
                            "Ludwig, 2025",
                            "O. Ludwig. The Condition Number as a Scale-Invariant Proxy for Information Encoding in Neural Units. arXiv:2506.16289, 2025."))
            .build();

    private ConditionNumber() {}

    /** Returns the condition number. */
    static double of(WeightSpectrum spectrum) {
        return spectrum.largest() / (spectrum.smallest() + EPSILON);
    }

    private static double inverse(WeightSpectrum spectrum) {
        return 1 / of(spectrum);
    }
}
