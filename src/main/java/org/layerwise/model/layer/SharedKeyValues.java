package org.layerwise.model.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Access of a layer to the keys and values that layers share. They pass from layer to layer behind the hidden state,
 * {@code [batch, sequence, hidden + carried]}, so that a layer depends on its input alone.
 *
 * @param hidden width of the hidden state
 * @param read place of the keys and values that the layer reads; null if it computes its own
 * @param adds true if later layers read those of the layer
 */
public record CarriedKeys(int hidden, @Nullable Place read, boolean adds) {

    /**
     * Place of keys and values behind the hidden state.
     *
     * @param from index of the first key
     */
    public record Place(int from, AttentionConfig attention) {

        private KeyValues of(Tensor state) {
            int width = attention.keyValueWidth();
            return new KeyValues(heads(state, from, width), heads(state, from + width, width));
        }

        private Tensor heads(Tensor state, int begin, int width) {
            return state.slice(-1, begin, (long) begin + width).splitHeads(attention.keyValueHeads());
        }
    }

    /** Returns the hidden state, {@code [batch, sequence, hidden]}. */
    Tensor hidden(Tensor state) {
        return state.size(-1) == hidden ? state : state.slice(-1, 0, hidden);
    }

    /** Returns the keys and values that the layer reads; null if it computes its own. */
    @Nullable
    KeyValues shared(Tensor state) {
        return read == null ? null : read.of(state);
    }

    /**
     * Returns the output of the layer with what it passes on.
     *
     * @param state input of the layer with what it carries
     * @param own keys and values of the layer; null if it reads those of an earlier one
     */
    Tensor passedOn(Tensor output, Tensor state, @Nullable KeyValues own, ModelInput input) {
        Tensor earlier = state.size(-1) == hidden
                ? output
                : input.engine().cat(List.of(output, state.slice(-1, hidden, state.size(-1))), 2);
        return adds && own != null
                ? input.engine()
                        .cat(
                                List.of(
                                        earlier,
                                        own.keys().joinHeads(),
                                        own.values().joinHeads()),
                                2)
                : earlier;
    }
}
