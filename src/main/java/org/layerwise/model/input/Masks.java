package org.layerwise.model.input;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Makes the masks that the layers of a model need for a batch, one for each window. */
final class Masks {

    /** Number of tokens of the longest row that has one mask. */
    private static final int LONGEST_WHOLE = 1024;

    /** Number of queries of a band of a longer row. */
    private static final int BAND = 512;

    private final TensorEngine engine;
    private final ModelConfig config;
    private final TokenBatch batch;
    private final Device device;
    private final DType type;
    private final boolean padded;
    private final boolean paddedRight;

    Masks(TensorEngine engine, ModelConfig config, TokenBatch batch, Device device, DType type) {
        this.engine = engine;
        this.config = config;
        this.batch = batch;
        this.device = device;
        this.type = type;
        this.padded = isPadded(batch);
        // hidden tokens of a row are no padding: a classifier may read the last one, and the token behind one is learnt
        this.paddedRight = !batch.hidesTokens() && isPaddedRight(batch);
    }

    Map<Integer, Visibility> all() {
        return byWindow(config, this::of);
    }

    /** Makes the visibility for each window of a model's layers. */
    static Map<Integer, Visibility> byWindow(ModelConfig config, Function<Integer, Visibility> make) {
        Map<Integer, Visibility> byWindow = new HashMap<>();
        for (AttentionConfig attention : config.attentions()) {
            byWindow.computeIfAbsent(attention.window(), make);
        }
        return byWindow;
    }

    private Visibility of(int window) {
        return config.direction() == ModelConfig.Direction.CAUSAL ? causal(window) : both(window);
    }

    private Visibility causal(int window) {
        boolean narrow = window > 0 && window < batch.length();
        // padding on the right is invisible without a mask: every real token attends only to earlier tokens
        if (paddedRight && !narrow && config.attentions().stream().allMatch(AttentionConfig::fused)) {
            return visibility(true, null);
        }
        return masked(narrow ? window - 1 : batch.length() - 1, 0, paddedRight ? null : padding());
    }

    private Visibility both(int window) {
        int reach = window / 2;
        boolean narrow = window > 0 && reach < batch.length() - 1;
        if (!narrow) {
            return visibility(false, padded ? padding() : null);
        }
        return masked(reach, reach, padded ? padding() : null);
    }

    /**
     * Returns the visibility of tokens that see their neighbours. Long rows are cut into bands, so that masks and scores
     * grow with the length and not with its square where a window limits them.
     *
     * @param before number of earlier tokens that a token sees
     * @param after number of later tokens that a token sees
     * @param padding mask of padding, or null
     */
    private Visibility masked(int before, int after, @Nullable Tensor padding) {
        int length = batch.length();
        int queries = length > LONGEST_WHOLE ? BAND : length;
        int earlier = Math.min(before, length - 1);
        Tensor mask = band(queries, earlier, after, earlier + queries + Math.min(after, length - 1));
        List<Visibility.Band> bands = new ArrayList<>();
        for (int from = 0; from < length; from += queries) {
            int to = Math.min(length, from + queries);
            int first = Math.max(0, from - before);
            int end = (int) Math.min(length, (long) to + after);
            Tensor seen = mask.slice(2, 0, (long) to - from)
                    .slice(3, (long) first - from + earlier, (long) end - from + earlier);
            Tensor added = padding == null ? seen : seen.add(padding.slice(3, first, end));
            bands.add(new Visibility.Band(from, to, new Visibility(false, added, first, end)));
        }
        return bands.size() == 1 ? bands.get(0).keys() : new Visibility(false, null, 0, length, bands);
    }

    private Visibility visibility(boolean causal, @Nullable Tensor added) {
        return new Visibility(causal, added, 0, batch.length());
    }

    /**
     * Returns the mask of queries at {@code earlier, earlier + 1, ...} for keys from 0 on, {@code [1, 1, queries, keys]}:
     * each query sees {@code earlier} keys before it and {@code after} keys after it.
     */
    private Tensor band(int queries, int earlier, int after, int keys) {
        float hidden = hidden(type);
        float[] added = new float[Math.multiplyExact(queries, keys)];
        for (int query = 0; query < queries; query++) {
            for (int key = 0; key < keys; key++) {
                int back = earlier + query - key;
                added[query * keys + key] = back <= earlier && -back <= after ? 0 : hidden;
            }
        }
        return engine.of(added, 1, 1, queries, keys).to(device).cast(type);
    }

    /** Returns the mask of padding, {@code [batch, 1, 1, sequence]}. */
    private Tensor padding() {
        float hidden = hidden(type);
        float[] added = new float[batch.mask().length];
        for (int i = 0; i < added.length; i++) {
            added[i] = batch.mask()[i] == 0 ? hidden : 0;
        }
        return engine.of(added, batch.size(), 1, 1, batch.length()).to(device).cast(type);
    }

    /**
     * Returns the mask of tokens that see themselves and earlier tokens within a window, token by token.
     *
     * @param positions positions of the tokens
     * @param window number of tokens that a token sees, itself included; 0 for all earlier ones
     * @param first position of the first key
     * @param keys number of keys
     */
    static float[] earlier(int[] positions, int window, int first, int keys, DType type) {
        float hidden = hidden(type);
        float[] added = new float[Math.multiplyExact(positions.length, keys)];
        for (int token = 0; token < positions.length; token++) {
            for (int key = 0; key < keys; key++) {
                int back = positions[token] - (first + key);
                boolean seen = back >= 0 && (window == 0 || back < window);
                added[token * keys + key] = seen ? 0 : hidden;
            }
        }
        return added;
    }

    // not minus infinity: a row of padding that sees no token would become NaN, and then the whole result; half of the
    // lowest number, so that two masks can be added
    static float hidden(DType type) {
        return type == DType.F16 ? -32_000 : -1.5e38f;
    }

    private static boolean isPadded(TokenBatch batch) {
        for (long token : batch.mask()) {
            if (token == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPaddedRight(TokenBatch batch) {
        for (int row = 0; row < batch.size(); row++) {
            for (int i = row * batch.length() + 1; i < (row + 1) * batch.length(); i++) {
                if (batch.mask()[i] > batch.mask()[i - 1]) {
                    return false;
                }
            }
        }
        return true;
    }
}
