package org.layerwise.analysis;

/**
 * Options of measures.
 *
 * @param rbfBandwidth sigma of the RBF kernel as a multiple of the median distance between examples
 * @param svccaVariance share of the variance that SVCCA keeps of each representation, above 0 and at most 1
 * @param minibatch number of examples per minibatch of minibatch CKA, at least 4
 * @param ablationFactor factor of a layer's update in ablation, 0 to below 1
 * @param evaComponents number of components whose explained variance EVA takes, at least 1
 */
public record MeasureOptions(
        double rbfBandwidth, double svccaVariance, int minibatch, double ablationFactor, int evaComponents) {

    /**
     * Defaults: bandwidth 1 (Kornblith et al. report similar results for 0.2 to 0.8), 99 % of the variance, 256
     * examples, updates left out, as many components as PEFT's default rank.
     */
    public static final MeasureOptions DEFAULTS = new MeasureOptions(1, 0.99, 256, 0, 8);

    /** Creates options of similarities; the others have their defaults. */
    public MeasureOptions(double rbfBandwidth, double svccaVariance, int minibatch) {
        this(rbfBandwidth, svccaVariance, minibatch, DEFAULTS.ablationFactor(), DEFAULTS.evaComponents());
    }

    public MeasureOptions withRbfBandwidth(double other) {
        return new MeasureOptions(other, svccaVariance, minibatch, ablationFactor, evaComponents);
    }

    public MeasureOptions withSvccaVariance(double other) {
        return new MeasureOptions(rbfBandwidth, other, minibatch, ablationFactor, evaComponents);
    }

    public MeasureOptions withMinibatch(int other) {
        return new MeasureOptions(rbfBandwidth, svccaVariance, other, ablationFactor, evaComponents);
    }

    public MeasureOptions withAblationFactor(double other) {
        return new MeasureOptions(rbfBandwidth, svccaVariance, minibatch, other, evaComponents);
    }

    public MeasureOptions withEvaComponents(int other) {
        return new MeasureOptions(rbfBandwidth, svccaVariance, minibatch, ablationFactor, other);
    }
}
