package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Transformer layer: attention, then the feed-forward part, each with its residual connection. Behind the hidden state
 * a layer may receive and pass on {@linkplain SharedKeyValues keys and values} that layers share.
 *
 * @param parallel true if the feed-forward part reads the layer's input instead of the output of the attention
 * @param perLayer part that adds the layer's input beside the hidden state; null for nearly all families
 * @param scale factor of the output, {@code [1]}, float32; null for none
 * @param beside convolution of the layer's input that is added to the layer's output; null for nearly all layers
 */
public record TransformerLayer(
        AttentionPart attention,
        SharedKeyValues shared,
        ResidualConnection aroundAttention,
        FeedForwardPart feedForward,
        ResidualConnection aroundFeedForward,
        boolean parallel,
        @Nullable PerLayerInput perLayer,
        @Nullable Tensor scale,
        @Nullable Convolution beside) {

    /**
     * Maps the layer's input to its output.
     *
     * @param state {@code [batch, sequence, hidden]}, or wider with keys and values that layers share
     * @return the same shape, wider if later layers share the keys and values of this one
     */
    public Tensor apply(Tensor state, ModelInput input, ModelConfig.Dropout dropout) {
        Tensor x = shared.hidden(state);
        AttentionPart.Attended attended =
                attention.attend(aroundAttention.before().apply(x), input, dropout.attention(), shared.read(state));
        Tensor mixed = aroundAttention.added(attended.output(), x, dropout.attentionOutput());
        Tensor output = finished(x, mixed, input, dropout);
        return shared.passedOn(
                beside == null ? output : beside.apply(x, output, input, dropout.feedForward()),
                state,
                attended.own(),
                input);
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
        return finished(x.slice(1, 0, 1), mixed, input, dropout);
    }

    /** Computes the whole layer of a decoder without dropout, with the cached keys and values of earlier tokens. */
    public Tensor apply(Tensor x, ModelInput input, LayerCache cache) {
        Tensor mixed = aroundAttention.around(x, 0, normed -> attention.apply(normed, input, cache));
        return finished(x, mixed, input, ModelConfig.Dropout.NONE);
    }

    /** Returns the output of the layer for its input and the output of its attention. */
    private Tensor finished(Tensor x, Tensor mixed, ModelInput input, ModelConfig.Dropout dropout) {
        Tensor changed = aroundFeedForward.around(
                parallel ? x : mixed,
                mixed,
                dropout.feedForward(),
                normed -> feedForward.apply(normed, dropout.inner()));
        Tensor added = perLayer == null ? changed : perLayer.addedTo(changed, input);
        return scale == null ? added : added.mul(scale.cast(added.dtype()));
    }

    /** Returns the linear maps, in the order of the computation. */
    public List<Linear> linears() {
        List<Linear> linears = new ArrayList<>();
        map(linear -> {
            linears.add(linear);
            return linear;
        });
        return linears;
    }

    /** Returns the experts that a router chooses; empty for a layer without. */
    public Optional<Experts> experts() {
        return feedForward.experts();
    }

    /** Returns this layer with the function's result for the experts that a router chooses; itself without experts. */
    public TransformerLayer mapExperts(UnaryOperator<Experts> change) {
        return new TransformerLayer(
                attention,
                shared,
                aroundAttention,
                feedForward.mapExperts(change),
                aroundFeedForward,
                parallel,
                perLayer,
                scale,
                beside);
    }

    /** Returns this layer with the function's result for each linear map, in the order of the computation. */
    public TransformerLayer map(UnaryOperator<Linear> change) {
        return new TransformerLayer(
                attention.map(change),
                shared,
                aroundAttention,
                feedForward.map(change),
                aroundFeedForward,
                parallel,
                perLayer == null ? null : perLayer.map(change),
                scale,
                beside);
    }
}
