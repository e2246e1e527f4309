package org.layerwise.model.input;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.Rope;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * A batch on the model's device, with all that its layers need beside the hidden states: masks, angles, positions. Made
 * once a batch; the tensors belong to the scope that was open then.
 */
public final class ModelInput {

    /** Cosines and sines of rotary positions, each {@code [sequence, d]}. */
    public record Angles(Tensor cos, Tensor sin) {}

    private final TensorEngine engine;
    private final Tensor ids;
    private final Tensor segments;
    private final Tensor mask;
    private final Tensor positions;
    private final Tensor lastTokens;
    private final Map<Integer, Visibility> visibility;
    private final Map<Rope, Angles> angles;
    private final @Nullable Tensor relativePositions;
    private final @Nullable Tensor mirroredPositions;
    private final @Nullable ImageFeatures images;

    private ModelInput(
            TensorEngine engine,
            ModelConfig config,
            TokenBatch batch,
            Device device,
            DType type,
            @Nullable ImageFeatures images) {
        this.engine = engine;
        this.ids = longs(batch.ids(), batch, device);
        this.segments = longs(batch.typeIds(), batch, device);
        this.mask = longs(batch.mask(), batch, device);
        this.positions = TokenPositions.of(engine, config.positions(), batch).to(device);
        this.lastTokens =
                engine.of(LastTokens.of(batch, config.padding()), batch.size()).to(device);
        this.visibility = new Masks(engine, config, batch, device, type).all();
        this.angles = new HashMap<>();
        for (ModelConfig.Reach reach : config.attention().reaches()) {
            if (reach.rope() != null) {
                angles.computeIfAbsent(
                        reach.rope(), rope -> RotaryAngles.of(engine, rope, batch.length(), device, type));
            }
        }
        ModelConfig.Disentangled disentangled = config.attention().disentangled();
        this.relativePositions = disentangled == null ? null : relative(disentangled, batch.length(), false, device);
        this.mirroredPositions = disentangled == null ? null : relative(disentangled, batch.length(), true, device);
        this.images = images;
    }

    /**
     * Copies a batch to a device.
     *
     * @param type that the model computes in
     * @param images features of the batch's images, or null
     */
    public static ModelInput of(
            TensorEngine engine,
            ModelConfig config,
            TokenBatch batch,
            Device device,
            DType type,
            @Nullable ImageFeatures images) {
        return new ModelInput(engine, config, batch, device, type, images);
    }

    private Tensor longs(long[] values, TokenBatch batch, Device device) {
        return engine.of(values, batch.size(), batch.length()).to(device);
    }

    private Tensor relative(ModelConfig.Disentangled positions, int length, boolean mirrored, Device device) {
        return engine.of(RelativePositions.rows(positions, length, mirrored), 1, 1, length, length)
                .to(device);
    }

    /** The engine of its tensors. */
    public TensorEngine engine() {
        return engine;
    }

    /** Token ids {@code [batch, sequence]}. */
    public Tensor ids() {
        return ids;
    }

    /** Token types {@code [batch, sequence]}. */
    public Tensor segments() {
        return segments;
    }

    /** 1 for a token, 0 for padding {@code [batch, sequence]}, int64. */
    public Tensor mask() {
        return mask;
    }

    /** Rows of the table of learned positions, {@code [batch or 1, sequence]}. */
    public Tensor positions() {
        return positions;
    }

    /** Index in its row of the token that a decoder's classification head reads, {@code [batch]}, int64. */
    public Tensor lastTokens() {
        return lastTokens;
    }

    /** Which tokens attend to which in layers with a window. */
    public Visibility visibility(int window) {
        return Objects.requireNonNull(visibility.get(window), "no layer has this window");
    }

    /** The angles of a way to turn queries and keys. */
    public Angles angles(Rope rope) {
        return Objects.requireNonNull(angles.get(rope), "no layer turns in this way");
    }

    /** Rows of the table of relative positions, query to key, {@code [1, 1, sequence, sequence]}. */
    public Tensor relativePositions() {
        return Objects.requireNonNull(relativePositions, "this model has no relative positions");
    }

    /** The same with the sign of the distance turned. */
    public Tensor mirroredPositions() {
        return Objects.requireNonNull(mirroredPositions, "this model has no relative positions");
    }

    /** What images bring; null where the batch has none. */
    public @Nullable ImageFeatures images() {
        return images;
    }
}
