package org.layerwise.model.input;

import java.util.Arrays;
import java.util.Map;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Makes the visibility for one more token per row: the keys of the row that the token sees, in layers of each window.
 * The key of position i has index i in its row, so keys after a row's own token, which belong to longer rows, are
 * masked.
 */
final class NextTokens {

    private final TensorEngine engine;
    private final int[] positions;
    private final Device device;
    private final DType type;
    private final int shortest;
    private final int longest;

    /** @param positions positions of the tokens, one per row */
    NextTokens(TensorEngine engine, int[] positions, Device device, DType type) {
        this.engine = engine;
        this.positions = positions;
        this.device = device;
        this.type = type;
        this.shortest = Arrays.stream(positions).min().orElseThrow();
        this.longest = Arrays.stream(positions).max().orElseThrow();
    }

    /** Returns the number of tokens of the longest row, with the new token. */
    int length() {
        return longest + 1;
    }

    Map<Integer, Visibility> visibility(ModelConfig config) {
        return Masks.byWindow(config, this::of);
    }

    private Visibility of(int window) {
        int first = window == 0 ? 0 : Math.max(0, shortest - window + 1);
        boolean alike = shortest == longest;
        return new Visibility(false, alike ? null : mask(window, first), first, length());
    }

    /** Returns the mask {@code [batch, 1, 1, keys]}. */
    private Tensor mask(int window, int first) {
        int keys = length() - first;
        float[] added = Masks.earlier(positions, window, first, keys, type);
        return engine.of(added, positions.length, 1, 1, keys).to(device).cast(type);
    }
}
