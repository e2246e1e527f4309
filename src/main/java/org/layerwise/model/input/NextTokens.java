package org.layerwise.model.input;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.layerwise.model.config.AttentionConfig;
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
        Map<Integer, Visibility> byWindow = new HashMap<>();
        for (AttentionConfig attention : config.attentions()) {
            byWindow.computeIfAbsent(attention.window(), this::of);
        }
        return byWindow;
    }

    private Visibility of(int window) {
        int first = window == 0 ? 0 : Math.max(0, shortest - window + 1);
        boolean alike = shortest == longest;
        return new Visibility(false, alike ? null : mask(window, first), first, length());
    }

    /** Returns the mask {@code [batch, 1, 1, keys]}. */
    private Tensor mask(int window, int first) {
        int keys = length() - first;
        float hidden = Masks.hidden(type);
        float[] added = new float[Math.multiplyExact(positions.length, keys)];
        for (int row = 0; row < positions.length; row++) {
            for (int key = 0; key < keys; key++) {
                int back = positions[row] - (first + key);
                boolean seen = back >= 0 && (window == 0 || back < window);
                added[row * keys + key] = seen ? 0 : hidden;
            }
        }
        return engine.of(added, positions.length, 1, 1, keys).to(device).cast(type);
    }
}
