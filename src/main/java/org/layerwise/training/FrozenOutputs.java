package org.layerwise.training;

import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;

/** Size of the outputs of the layers below the lowest trained one, and the work saved if they are kept for all epochs. */
public final class FrozenOutputs {

    private FrozenOutputs() {}

    /** Returns the bytes of the outputs for all rows. */
    public static long bytes(AdaptedModel model, TokenizedDataset data) {
        Transformer transformer = model.base().transformer();
        return data.rows().stream().mapToLong(TokenRow::length).sum()
                * transformer.config().stateWidth(model.lowestTrainedLayer())
                * transformer.type().bytes();
    }

    /**
     * Returns the share of a step's operations that is saved from the second epoch on, 0 to 1, of layers that are
     * equally large: the forward pass of the frozen ones, beside forward and backward pass of all others.
     */
    public static double savedShare(int lowest, int layers) {
        return (double) lowest / (2 * layers - lowest);
    }
}
