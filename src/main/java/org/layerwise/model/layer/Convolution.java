package org.layerwise.model.layer;

import org.layerwise.model.config.Activation;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Convolution over neighbouring tokens in parallel to the first layer of DeBERTa-v2 xlarge (HuggingFace's
 * {@code ConvLayer}): {@code norm(y + activation(conv(x)))}, with x the layer's input and y its output; padding stays
 * zero.
 *
 * @param weight {@code [hidden, hidden / groups, width]}
 * @param bias {@code [hidden]}
 */
public record Convolution(Tensor weight, Tensor bias, int groups, Activation activation, Norm norm) {

    /** Combines the layer's input x and its output y, both {@code [batch, sequence, hidden]}. */
    public Tensor apply(Tensor x, Tensor y, ModelInput input, double dropout) {
        int padding = (int) (weight.size(2) - 1) / 2;
        Tensor mixed = x.transpose()
                .conv1d(weight.cast(x.dtype()), bias.cast(x.dtype()), padding, groups)
                .transpose();
        Tensor shown = input.mask().cast(x.dtype()).reshape(x.size(0), x.size(1), 1);
        Tensor changed = activation.apply(mixed.mul(shown).dropout(dropout));
        return norm.apply(y.add(changed)).mul(shown);
    }
}
