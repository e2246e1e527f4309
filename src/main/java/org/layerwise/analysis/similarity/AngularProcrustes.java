package org.layerwise.analysis.similarity;

import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;

/**
 * Angular Procrustes similarity: {@code 1 - 2 a / pi}, where a is the angle whose cosine is the {@link Procrustes} similarity. The angle
 * is a distance in the mathematical sense (Williams et al., arXiv 2110.14739: symmetric, 0 for equal shapes alone, and the triangle
 * inequality holds), so hidden states can be put on a map by it.
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

    private AngularProcrustes() {}

    /** Returns the angle in radians, 0 to pi / 2. */
    public static double angle(double similarity) {
        return (1 - similarity) * Math.PI / 2;
    }

    private static double similarity(double cosine) {
        return 1 - 2 / Math.PI * Math.acos(Math.min(1, Math.max(0, cosine)));
    }
}
