package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/**
 * Access of a layer to the keys and values that layers share. They pass from layer to layer behind the hidden state,
 * {@code [batch, sequence, hidden + shared]}, so that a layer depends on its input alone.
 *
 * @param hidden width of the hidden state
 * @param place place of the keys and values that the layer reads; null if it computes its own
 * @param adds true if later layers read those of the layer
 */
public record SharedKeyValues(int hidden, @Nullable Place place, boolean adds) {

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

    /**
     * Returns the hidden state in the input or output of a layer, {@code [batch, sequence, hidden]}.
     *
     * @param state the hidden state with what stands behind it
     * @param width width of the hidden state
     */
    public static Tensor hidden(Tensor state, int width) {
        return state.size(-1) == width ? state : state.slice(-1, 0, width);
    }

    Tensor hidden(Tensor state) {
        return hidden(state, hidden);
    }

    /** Returns the keys and values that the layer reads; null if it computes its own. */
    @Nullable
    KeyValues read(Tensor state) {
        return place == null ? null : place.of(state);
    }

    /**
     * Returns the output of the layer with what it passes on.
     *
     * @param state input of the layer with what it carries
     * @param own keys and values of the layer; null if it reads those of an earlier one
     */
    Tensor passedOn(Tensor output, Tensor state, @Nullable Supplier<KeyValues> own, ModelInput input) {
        List<Tensor> parts = new ArrayList<>(List.of(output));
        if (state.size(-1) > hidden) {
            parts.add(state.slice(-1, hidden, state.size(-1)));
        }
        if (adds && own != null) {
            KeyValues added = own.get();
            parts.add(added.keys().joinHeads());
            parts.add(added.values().joinHeads());
        }
        return parts.size() == 1 ? output : input.engine().cat(parts, 2);
    }
}
