package org.layerwise.analysis.similarity;

import java.util.Arrays;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;
import org.layerwise.tensor.TensorEngine;

/**
 * Distance correlation (Székely et al., Annals of Statistics 35(6), 2007): the root of the cosine of the two matrices of Euclidean
 * distances between examples, of which the means of rows and columns are taken off. It is between 0 and 1, and 1 if the
 * distances in one representation are a multiple of those in the other. Of few examples it is too high.
 */
public final class DistanceCorrelation extends EmbeddedGramMeasure {

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "distance-correlation", (options, engine) -> new DistanceCorrelation(engine))
            .title("distance correlation")
            .shortName("dCor")
            .noun("distance correlation")
            .description("High if rows that are far apart in one are far apart in the other, by any relation.")
            .citing(new Citation(
                    "Székely et al., 2007",
                    "G. J. Székely, M. L. Rizzo and N. K. Bakirov. Measuring and testing dependence by correlation of distances."
                            + " The Annals of Statistics 35(6), 2007."))
            .withoutInterval(
                    "Distance correlation has no interval, since it is too high for few examples, and for draws with copies of examples even more so.")
            .build();

    public DistanceCorrelation(TensorEngine engine) {
        super(engine);
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    /** Returns three: two examples have one distance only. */
    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    Embedded embed(double[] gram, int n, int state) {
        double[] pairs = Doubles.squaredDistances(gram, n);
        Arrays.setAll(pairs, pair -> Math.sqrt(pairs[pair]));
        double[] distances = Doubles.symmetric(pairs, n);
        return RbfKernel.centre(distances, n)
                ? Embedded.of(distances)
                : Embedded.undefined(
                        distances.length,
                        "All examples in hidden state %s are in one place, so distance correlation is undefined."
                                .formatted(state));
    }

    /** Returns the root: the cosine is the squared distance correlation, and not negative but for rounding. */
    @Override
    double ofCosine(double cosine) {
        return Math.sqrt(Math.max(0, cosine));
    }
}
