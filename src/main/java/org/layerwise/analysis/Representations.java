package org.layerwise.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hidden states of n examples in all layers: one vector per example and hidden state.
 *
 * @param position position of the token whose vector was kept; null if unknown
 * @param layers {@code R_0 .. R_M}, each {@code [n, d]}, rows in the data's order (method.md, section 1)
 */
public record Representations(@Nullable Position position, List<Matrix> layers) {

    public Representations {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("representations of no layer");
        }
        int samples = layers.get(0).rows();
        if (layers.stream().anyMatch(layer -> layer.rows() != samples)) {
            throw new IllegalArgumentException("every layer must represent the same examples");
        }
    }

    /** Returns the representations of some examples, in the given order. */
    public Representations rows(int[] chosen) {
        return new Representations(
                position, layers.stream().map(layer -> layer.rows(chosen)).toList());
    }

    /** Returns n, the number of examples. */
    public int samples() {
        return layers.get(0).rows();
    }
}
