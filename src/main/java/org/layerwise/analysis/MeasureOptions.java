package org.layerwise.analysis;

/**
 * Options of measures.
 *
 * @param rbfBandwidth sigma of the RBF kernel as a multiple of the median distance between examples
 * @param svccaVariance share of the variance that SVCCA keeps of each representation, above 0 and at most 1
 * @param minibatch number of examples per minibatch of minibatch CKA, at least 4
 * @param ablationFactor factor of a layer's update in ablation, 0 to below 1
 */
public record MeasureOptions(double rbfBandwidth, double svccaVariance, int minibatch, double ablationFactor) {

    /**
     * Defaults: bandwidth 1 (Kornblith et al. report similar results for 0.2 to 0.8), 99 % of the variance, 256
     * examples, updates left out.
     */
    public static final MeasureOptions DEFAULTS = new MeasureOptions(1, 0.99, 256, 0);

    /** Creates options of similarities; the others have their defaults. */
    public MeasureOptions(double rbfBandwidth, double svccaVariance, int minibatch) {
        this(rbfBandwidth, svccaVariance, minibatch, DEFAULTS.ablationFactor());
    }

    public MeasureOptions withRbfBandwidth(double other) {
        return new MeasureOptions(other, svccaVariance, minibatch, ablationFactor);
    }

    public MeasureOptions withSvccaVariance(double other) {
        return new MeasureOptions(rbfBandwidth, other, minibatch, ablationFactor);
    }

    public MeasureOptions withMinibatch(int other) {
        return new MeasureOptions(rbfBandwidth, svccaVariance, other, ablationFactor);
    }

    public MeasureOptions withAblationFactor(double other) {
        return new MeasureOptions(rbfBandwidth, svccaVariance, minibatch, other);
    }
}
