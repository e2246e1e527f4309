package org.layerwise.analysis.similarity;

import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;
import org.layerwise.tensor.Tensor;

/**
 * Angular Procrustes similarity: {@code 1 - 2 a / pi}, where a is the angle whose cosine is the {@link Procrustes} similarity. The angle
 * is a distance in the mathematical sense (Williams et al., arXiv 2110.14739: symmetric, 0 for equal shapes alone, and the triangle
 * inequality holds), so hidden states can be put on a map by it.
 *
 * <p>Near 1 the arc cosine loses up to half of the digits of a cosine. Small angles come from the distance instead, which is
 * {@code 2 sin(a / 2)} for norms of 1, so the error of every angle is that of a sum of products in float64.
 */
public final class AngularProcrustes {

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "angular-procrustes",
                    (options, engine) ->
                            new Procrustes(engine, AngularProcrustes.MEASURE, AngularProcrustes::similarity))
            .title("angular Procrustes similarity")
            .shortName("Procrustes angle")
            .noun("angular Procrustes similarity")
            .description("The angle that is left after the best rotation of one onto the other: a distance in the"
                    + " mathematical sense.")
            .citing(new Citation(
                    "Williams et al., 2021",
                    "A. H. Williams, E. Kunz, S. Kornblith and S. W. Linderman. Generalized Shape Metrics on Neural"
                            + " Representations. NeurIPS 2021. arXiv:2110.14739."))
            .metric()
            .withoutInterval("Angular Procrustes similarity" + CcaMeasure.NO_INTERVAL)
            .build();

    /** Cosine above which the angle comes from the distance; the arc cosine loses less than one digit below it. */
    private static final double LEAST_COSINE_OF_SMALL_ANGLES = 0.99;

    private AngularProcrustes() {}

    /** Returns the angle in radians, 0 to pi / 2. */
    public static double angle(double similarity) {
        return (1 - similarity) * Math.PI / 2;
    }

    private static double similarity(Tensor x, Tensor y) {
        double cosine = Procrustes.cosine(x, y);
        double angle = cosine > LEAST_COSINE_OF_SMALL_ANGLES
                ? 2 * Math.asin(Procrustes.distance(x, y) / 2)
                : Math.acos(Math.max(0, cosine));
        return 1 - 2 / Math.PI * angle;
    }
}
