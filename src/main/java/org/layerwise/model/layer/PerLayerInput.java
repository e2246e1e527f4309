package org.layerwise.model.layer;

import java.util.function.UnaryOperator;
import org.layerwise.model.config.Activation;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Part at the end of a layer that adds the layer's input beside the hidden state (Gemma 4 E):
 * {@code x + norm(projection(activation(gate(x)) * input))}.
 *
 * @param layer number of the layer
 * @param gate map of {@code hidden} to the width of the input
 * @param projection map of the width of the input to {@code hidden}
 */
public record PerLayerInput(int layer, Linear gate, Activation activation, Linear projection, Norm norm) {

    Tensor addedTo(Tensor x, ModelInput input) {
        Tensor own = input.perLayer(layer, gate.out());
        return x.add(norm.apply(projection.apply(activation.apply(gate.apply(x)).mul(own))));
    }

    PerLayerInput map(UnaryOperator<Linear> change) {
        return new PerLayerInput(layer, change.apply(gate), activation, change.apply(projection), norm);
    }
}
