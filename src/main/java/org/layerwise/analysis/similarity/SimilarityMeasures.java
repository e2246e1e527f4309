package org.layerwise.analysis.similarity;

import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.tensor.TensorEngine;

/** Creates measures of similarity by their names. */
public final class SimilarityMeasures {

    private SimilarityMeasures() {}

    /**
     * Returns true if {@link #of} creates the measure: all except those from gradients, and the one over all tokens.
     */
    public static boolean fromRepresentations(Measure measure) {
        return measure.isSimilarity() && measure != Measure.BLOCK_INFLUENCE;
    }

    /**
     * Creates a measure.
     *
     * @throws org.layerwise.base.UserException if an option of the measure is out of range
     * @throws IllegalArgumentException if the measure does not follow from representations of examples
     */
    public static SimilarityMeasure of(Measure measure, MeasureOptions options, TensorEngine engine) {
        return switch (measure) {
            case LINEAR_CKA -> new LinearCka(engine);
            case DEBIASED_CKA -> new DebiasedCka(engine);
            case RBF_CKA -> new RbfCka(engine, options.rbfBandwidth());
            case MINIBATCH_CKA -> new MinibatchCka(engine, options.minibatch());
            case COSINE -> new Cosine(engine);
            case PROCRUSTES -> new Procrustes(engine);
            case SVCCA -> new Svcca(engine, options.svccaVariance());
            case PWCCA -> new Pwcca(engine, options.svccaVariance());
            case RSA -> new Rsa(engine);
            case BLOCK_INFLUENCE, GRADIENT_NORM, FISHER ->
                throw new IllegalArgumentException(measure.id() + " does not follow from one vector an example");
        };
    }
}
