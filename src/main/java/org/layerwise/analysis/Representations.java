package org.layerwise.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each layer makes of n examples: one vector an example and hidden state.
 *
 * @param position which token's vector was kept; null where it is not known
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

    /** n, the number of examples. */
    public int samples() {
        return layers.get(0).rows();
    }
}
