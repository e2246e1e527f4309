package org.layerwise.analysis;

/**
 * What measures can be set to.
 *
 * @param rbfBandwidth sigma of the RBF kernel as a multiple of the median distance between examples
 * @param svccaVariance share of the variance that SVCCA keeps of each representation, above 0 and at most 1
 * @param minibatch examples a minibatch of minibatch CKA, at least 4
 */
public record MeasureOptions(double rbfBandwidth, double svccaVariance, int minibatch) {

    /** Bandwidth 1 (Kornblith et al. report 0.2 to 0.8 as alike), 99 % of the variance, 256 examples. */
    public static final MeasureOptions DEFAULTS = new MeasureOptions(1, 0.99, 256);
}
