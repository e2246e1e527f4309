package org.layerwise.model.input;

import java.util.HashMap;
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
        int reach = narrow ? window : Integer.MAX_VALUE;
        Tensor band = band((query, key) -> key <= query && query - key < reach);
        return visibility(false, paddedRight ? band : band.add(padding()));
    }

    private Visibility both(int window) {
        int reach = window / 2;
        boolean narrow = window > 0 && reach < batch.length() - 1;
        if (!narrow) {
            return visibility(false, padded ? padding() : null);
        }
        Tensor band = band((query, key) -> Math.abs(query - key) <= reach);
        return visibility(false, padded ? band.add(padding()) : band);
    }

    private Visibility visibility(boolean causal, @Nullable Tensor added) {
        return new Visibility(causal, added, 0, batch.length());
    }

    @FunctionalInterface
    private interface Seen {
        boolean by(int query, int key);
    }

    /** Returns the mask of a relation between queries and keys, {@code [1, 1, sequence, sequence]}. */
    private Tensor band(Seen seen) {
        int length = batch.length();
        float hidden = hidden(type);
        float[] added = new float[Math.multiplyExact(length, length)];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                added[query * length + key] = seen.by(query, key) ? 0 : hidden;
            }
        }
        return engine.of(added, 1, 1, length, length).to(device).cast(type);
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
