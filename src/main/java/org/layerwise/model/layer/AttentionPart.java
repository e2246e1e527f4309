package org.layerwise.model.layer;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.input.Blocks;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/** Attention of a layer, or what takes its place: the part that mixes the tokens of a row. */
public sealed interface AttentionPart permits SelfAttention, DisentangledAttention, GatedDeltaNet {

    /**
     * Maps {@code [batch, sequence, hidden]} to the same shape.
     *
     * @param dropout dropout probability of the attention probabilities
     */
    Tensor apply(Tensor x, ModelInput input, double dropout);

    /**
     * Output of attention with its keys and values.
     *
     * @param own keys and values of all tokens; null if they are those of an earlier layer, or if there are none
     */
    record Attended(Tensor output, @Nullable Supplier<KeyValues> own) {}

    /**
     * Computes the output with the keys and values of an earlier layer, or returns those of its own with the output. If
     * rows lie side by side, each attends to itself alone.
     *
     * @param shared keys and values of an earlier layer; null for nearly all layers, which compute their own
     */
    default Attended attend(Tensor x, ModelInput input, double dropout, @Nullable KeyValues shared) {
        Blocks blocks = input.blocks();
        if (blocks == null) {
            return new Attended(apply(x, input, dropout), null);
        }
        List<Tensor> parts = blocks.split(x);
        return new Attended(
                blocks.join(IntStream.range(0, parts.size())
                        .mapToObj(
                                block -> apply(parts.get(block), blocks.inputs().get(block), dropout))
                        .toList()),
                null);
    }

    /**
     * Computes the output of the first token of each row alone, {@code [batch, 1, hidden]}; that token attends to the
     * same tokens as in {@link #apply(Tensor, ModelInput, double)}.
     */
    Tensor first(Tensor x, ModelInput input, double dropout);

    /**
     * Computes the output without dropout, with the cached keys and values of earlier tokens, and adds the new keys and
     * values to the cache.
     *
     * @param input whole rows, which fill the cache, a part of one row, or one more token per row
     * @throws UnsupportedOperationException if the attention is that of an encoder, which attends to later tokens
     */
    Tensor apply(Tensor x, ModelInput input, LayerCache cache);

    /** Returns this part with the function's result for each linear map, in the order of the computation. */
    AttentionPart map(UnaryOperator<Linear> change);
}
