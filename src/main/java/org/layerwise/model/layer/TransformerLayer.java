package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Transformer layer: attention, then the feed-forward part, each with its residual connection.
 *
 * @param parallel true if the feed-forward part reads the layer's input instead of the output of the attention
 * @param scale factor of the output, {@code [1]}, float32; null for none
 * @param beside convolution of the layer's input that is added to the layer's output; null for nearly all layers
 */
public record TransformerLayer(
        AttentionPart attention,
        ResidualConnection aroundAttention,
        FeedForwardPart feedForward,
        ResidualConnection aroundFeedForward,
        boolean parallel,
        @Nullable Tensor scale,
        @Nullable Convolution beside) {

    /** Maps {@code [batch, sequence, hidden]} to the same shape. */
    public Tensor apply(Tensor x, ModelInput input, ModelConfig.Dropout dropout) {
        Tensor mixed = aroundAttention.around(
                x, dropout.attentionOutput(), normed -> attention.apply(normed, input, dropout.attention()));
        Tensor output = scaled(aroundFeedForward.around(
                parallel ? x : mixed,
                mixed,
                dropout.feedForward(),
                normed -> feedForward.apply(normed, dropout.inner())));
        return beside == null ? output : beside.apply(x, output, input, dropout.feedForward());
    }

    /**
     * Computes the output of the first token of each row alone, {@code [batch, 1, hidden]}, which costs much less than
     * the whole layer.
     */
    public Tensor first(Tensor x, ModelInput input, ModelConfig.Dropout dropout) {
        if (beside != null) {
            return apply(x, input, dropout).slice(1, 0, 1);
        }
        Tensor mixed = aroundAttention.aroundFirst(
                x, dropout.attentionOutput(), normed -> attention.first(normed, input, dropout.attention()));
        return scaled(aroundFeedForward.around(
                parallel ? x.slice(1, 0, 1) : mixed,
                mixed,
                dropout.feedForward(),
                normed -> feedForward.apply(normed, dropout.inner())));
    }

    private Tensor scaled(Tensor output) {
        return scale == null ? output : output.mul(scale.cast(output.dtype()));
    }

    /** Computes the whole layer of a decoder without dropout, with the cached keys and values of earlier tokens. */
    public Tensor apply(Tensor x, ModelInput input, LayerCache cache) {
        Tensor mixed = aroundAttention.around(x, 0, normed -> attention.apply(normed, input, cache));
        return scaled(aroundFeedForward.around(parallel ? x : mixed, mixed, 0, normed -> feedForward.apply(normed, 0)));
    }

    /** Returns the linear maps, in the order of the computation. */
    public List<Linear> linears() {
        return Stream.concat(attention.linears().stream(), feedForward.linears().stream())
                .toList();
    }

    /** Returns this layer with every linear map replaced by the result of the function. */
    public TransformerLayer map(UnaryOperator<Linear> change) {
        return new TransformerLayer(
                attention.map(change),
                aroundAttention,
                feedForward.map(change),
                aroundFeedForward,
                parallel,
                scale,
                beside);
    }
}
