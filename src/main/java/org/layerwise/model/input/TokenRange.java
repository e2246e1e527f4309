package org.layerwise.model.input;

import java.util.Map;
import java.util.stream.IntStream;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Tokens {@code from} to {@code to}, exclusive, of one row of a decoder. Earlier tokens are in a
 * {@link org.layerwise.model.layer.KeyValueCache}.
 *
 * @param row ids of all tokens of the row, including those after the part: their number decides some rotary angles
 * @param from index of the first token of the part
 * @param to index after the last token of the part
 */
public record TokenRange(long[] row, int from, int to) {

    public TokenRange {
        if (from < 0 || from >= to || to > row.length) {
            throw new IllegalArgumentException(
                    "a row of %s tokens has no part %s to %s".formatted(row.length, from, to));
        }
    }

    /** Returns the number of tokens of the part. */
    int length() {
        return to - from;
    }

    /** Makes the masks of all windows, {@code [1, 1, part, keys]}. */
    Map<Integer, Visibility> visibility(TensorEngine engine, ModelConfig config, Device device, DType type) {
        return Masks.byWindow(config, window -> {
            int first = window == 0 ? 0 : Math.max(0, from - window + 1);
            return new Visibility(false, mask(engine, window, first, device, type), first, to);
        });
    }

    private Tensor mask(TensorEngine engine, int window, int first, Device device, DType type) {
        int keys = to - first;
        int[] positions = IntStream.range(from, to).toArray();
        float[] added = Masks.earlier(positions, window, first, keys, type);
        return engine.of(added, 1, 1, length(), keys).to(device).cast(type);
    }
}
