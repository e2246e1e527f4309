package org.layerwise.analysis;

/**
 * Options of measures.
 *
 * @param rbfBandwidth sigma of the RBF kernel as a multiple of the median distance between examples
 * @param svccaVariance share of the variance that SVCCA keeps of each representation, above 0 and at most 1
 * @param minibatch number of examples per minibatch of minibatch CKA, at least 4
 */
public record MeasureOptions(double rbfBandwidth, double svccaVariance, int minibatch) {

    /**
     * Defaults: bandwidth 1 (Kornblith et al. report similar results for 0.2 to 0.8), 99 % of the variance, 256
     * examples.
     */
    public static final MeasureOptions DEFAULTS = new MeasureOptions(1, 0.99, 256);
}
