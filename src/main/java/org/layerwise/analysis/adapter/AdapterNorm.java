package org.layerwise.analysis.adapter;

import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;

/**
 * Frobenius norm of the change of a weight by an adapter: {@code |scale B A|} for LoRA, with PiSSA and OLoRA
 * {@code |scale (B A - B0 A0)|}, and with DoRA the norm of the whole change, its magnitudes included. The root of the sum of
 * squares over the modules of a layer is the norm of the layer's change.
 */
public final class AdapterNorm {

    /** The measure. */
    public static final Measure MEASURE = Measure.ofAdapter("adapter-norm", ModuleAverage.ROOT_OF_SQUARES)
            .title("norm of the adapter's change of the weights")
            .shortName("‖ΔW‖")
            .noun("norm of the change")
            .description("How far an adapter moved the weights, in the Frobenius norm. Needs an adapter and no data. A"
                    + " layer's value is the root of the sum of squares over its modules.")
            .withoutRows()
            .withoutInterval(
                    "The norm of the change has no interval, since it follows from the adapter's weights: no rows are"
                            + " drawn.")
            .build();

    private AdapterNorm() {}

    /** Returns the norm of an update; its tensors belong to the innermost open scope. */
    public static double of(AdapterUpdate update) {
        if (update.rescaling() != null) {
            return Math.sqrt(RescaledRows.of(update.products().get(0), update.rescaling())
                    .squaredNorm());
        }
        double squares = 0;
        for (LowRankFactors product : update.products()) {
            for (double value : product.singularValues()) {
                squares += value * value;
            }
        }
        return Math.sqrt(squares);
    }
}
