package org.layerwise.model.input;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.Rope;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Batch on the model's device, with all that its layers need in addition to the hidden states: masks, angles,
 * positions. It is made once per batch; the tensors belong to the scope that was open at that time.
 */
public final class ModelInput {

    /**
     * Cosines and sines of rotary positions, each {@code [sequence, d]}, or {@code [batch, 1, 1, d]} for one token per
     * row; the sines of the first half are negated.
     *
     * @param queryFactor factor of the rotated queries, {@code [sequence, 1]} or {@code [batch, 1, 1, 1]}; null for none
     */
    public record Angles(Tensor cos, Tensor sin, @Nullable Tensor queryFactor) {

        /** Returns the angles of the tokens {@code from} to {@code to}, exclusive. */
        Angles of(int from, int to) {
            return new Angles(
                    cos.slice(-2, from, to),
                    sin.slice(-2, from, to),
                    queryFactor == null ? null : queryFactor.slice(-2, from, to));
        }

        /** Returns cosines, sines and the factor, if there is one. */
        public List<Tensor> all() {
            return queryFactor == null ? List.of(cos, sin) : List.of(cos, sin, queryFactor);
        }

        /** Returns the angles of the first token of each row. */
        public Angles ofFirst() {
            return of(0, 1);
        }
    }

    private final TensorEngine engine;
    private final Tensor ids;
    private final Tensor segments;
    private final Tensor mask;
    private final Tensor positions;
    private final @Nullable Tensor lastTokens;
    private final Map<Integer, Visibility> visibility;
    private final Map<Rope, Angles> angles;
    private final @Nullable Tensor relativePositions;
    private final @Nullable Tensor mirroredPositions;
    private final @Nullable ImageFeatures images;
    private final @Nullable Tensor places;
    private final @Nullable TokenRange part;
    private final @Nullable PerLayer perLayer;
    private final @Nullable Blocks blocks;

    /**
     * Inputs of layers beside the hidden state.
     *
     * @param values those of several layers side by side, {@code [batch, sequence, layers * width]}
     * @param first the first of these layers
     */
    private record PerLayer(Tensor values, int first) {}

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
        this.angles = angles(config, rope -> RotaryAngles.of(engine, rope, batch.length(), device, type));
        DisentangledConfig disentangled = config.disentangled();
        this.relativePositions = disentangled == null ? null : relative(disentangled, batch.length(), false, device);
        this.mirroredPositions = disentangled == null ? null : relative(disentangled, batch.length(), true, device);
        this.images = images;
        this.places = null;
        this.part = null;
        this.perLayer = null;
        this.blocks = null;
    }

    private ModelInput(
            TensorEngine engine, ModelConfig config, long[] ids, int[] positions, Device device, DType type) {
        long[] places = Arrays.stream(positions).asLongStream().toArray();
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        NextTokens next = new NextTokens(engine, positions, device, type);
        this.engine = engine;
        this.ids = engine.of(ids, ids.length, 1).to(device);
        this.segments = engine.zeros(DType.I64, device, ids.length, 1);
        this.mask = engine.of(ones, ids.length, 1).to(device);
        this.positions = engine.of(places, ids.length, 1).to(device);
        this.lastTokens = engine.zeros(DType.I64, device, ids.length);
        this.visibility = next.visibility(config);
        this.angles = angles(config, rope -> RotaryAngles.next(engine, rope, positions, next.length(), device, type));
        this.relativePositions = null;
        this.mirroredPositions = null;
        this.images = null;
        this.places = this.positions.reshape(ids.length, 1, 1, 1);
        this.part = null;
        this.perLayer = null;
        this.blocks = null;
    }

    private ModelInput(TensorEngine engine, ModelConfig config, TokenRange part, Device device, DType type) {
        int length = part.length();
        long[] ones = new long[length];
        Arrays.fill(ones, 1);
        this.engine = engine;
        this.ids = engine.of(Arrays.copyOfRange(part.row(), part.from(), part.to()), 1, length)
                .to(device);
        this.segments = engine.zeros(DType.I64, device, 1, length);
        this.mask = engine.of(ones, 1, length).to(device);
        this.positions = engine.of(LongStream.range(part.from(), part.to()).toArray(), 1, length)
                .to(device);
        this.lastTokens = engine.of(new long[] {length - 1}, 1).to(device);
        this.visibility = part.visibility(engine, config, device, type);
        this.angles = angles(config, rope -> RotaryAngles.of(engine, rope, part.row().length, device, type)
                .of(part.from(), part.to()));
        this.relativePositions = null;
        this.mirroredPositions = null;
        this.images = null;
        this.places = null;
        this.part = part;
        this.perLayer = null;
        this.blocks = null;
    }

    private ModelInput(Blocks blocks) {
        this.engine = blocks.engine();
        this.ids = blocks.numbers(ModelInput::ids);
        this.segments = blocks.numbers(ModelInput::segments);
        this.mask = blocks.numbers(ModelInput::mask);
        this.positions = blocks.numbers(ModelInput::positions);
        this.lastTokens = null;
        this.visibility = Map.of();
        this.angles = Map.of();
        this.relativePositions = null;
        this.mirroredPositions = null;
        this.images = blocks.images();
        this.places = null;
        this.part = null;
        this.perLayer = null;
        this.blocks = blocks;
    }

    private ModelInput(ModelInput other, PerLayer perLayer) {
        this.engine = other.engine;
        this.ids = other.ids;
        this.segments = other.segments;
        this.mask = other.mask;
        this.positions = other.positions;
        this.lastTokens = other.lastTokens;
        this.visibility = other.visibility;
        this.angles = other.angles;
        this.relativePositions = other.relativePositions;
        this.mirroredPositions = other.mirroredPositions;
        this.images = other.images;
        this.places = other.places;
        this.part = other.part;
        this.perLayer = perLayer;
        this.blocks = other.blocks;
    }

    /**
     * Copies a batch to a device.
     *
     * @param type type in which the model computes
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

    /**
     * Makes the input of one more token per row for a decoder whose earlier tokens are in a
     * {@link org.layerwise.model.layer.KeyValueCache}.
     *
     * @param ids ids of the tokens
     * @param positions positions of the tokens in their rows, from 0
     */
    public static ModelInput next(
            TensorEngine engine, ModelConfig config, long[] ids, int[] positions, Device device, DType type) {
        if (config.direction() != ModelConfig.Direction.CAUSAL || ids.length != positions.length) {
            throw new IllegalArgumentException("only rows of a decoder go on, and each with one token");
        }
        return new ModelInput(engine, config, ids, positions, device, type);
    }

    /** Makes the input of a part of one row for a decoder without images. */
    public static ModelInput of(TensorEngine engine, ModelConfig config, TokenRange part, Device device, DType type) {
        if (config.direction() != ModelConfig.Direction.CAUSAL) {
            throw new IllegalArgumentException("only rows of a decoder are computed in parts");
        }
        return new ModelInput(engine, config, part, device, type);
    }

    /**
     * Places the rows of batches side by side in one sequence, {@code [1, tokens of all batches]}.
     *
     * @param batches inputs of rows without padding, not completed by the embeddings
     */
    public static ModelInput sideBySide(TensorEngine engine, List<ModelInput> batches) {
        return new ModelInput(new Blocks(engine, batches));
    }

    private static Map<Rope, Angles> angles(ModelConfig config, Function<Rope, Angles> make) {
        Map<Rope, Angles> angles = new HashMap<>();
        for (AttentionConfig attention : config.attentions()) {
            if (attention.rope() != null) {
                angles.computeIfAbsent(attention.rope(), make);
            }
        }
        return angles;
    }

    private Tensor longs(long[] values, TokenBatch batch, Device device) {
        return engine.of(values, batch.size(), batch.length()).to(device);
    }

    private Tensor relative(DisentangledConfig positions, int length, boolean mirrored, Device device) {
        return engine.of(RelativePositions.rows(positions, length, mirrored), 1, 1, length, length)
                .to(device);
    }

    /** Returns the engine of the tensors. */
    public TensorEngine engine() {
        return engine;
    }

    /** Returns the token ids {@code [batch, sequence]}. */
    public Tensor ids() {
        return ids;
    }

    /** Returns the token types {@code [batch, sequence]}. */
    public Tensor segments() {
        return segments;
    }

    /** Returns the mask {@code [batch, sequence]}, int64: 1 for a token, 0 for padding. */
    public Tensor mask() {
        return mask;
    }

    /** Returns the row indices into the table of learned positions, {@code [batch or 1, sequence]}. */
    public Tensor positions() {
        return positions;
    }

    /**
     * Returns the index, in its row, of the token that a decoder's classification head reads, {@code [batch]}, int64;
     * rows that lie side by side have none.
     */
    public Tensor lastTokens() {
        return Objects.requireNonNull(lastTokens, "no classifier reads rows that lie side by side");
    }

    /** Returns the visibility of tokens in layers with this window. */
    public Visibility visibility(int window) {
        return Objects.requireNonNull(visibility.get(window), "no layer has this window");
    }

    /** Returns the angles for rotary positions that a layer uses. */
    public Angles angles(Rope rope) {
        return Objects.requireNonNull(angles.get(rope), "no layer turns in this way");
    }

    /**
     * Returns the row indices into the table of relative positions, query to key, {@code [1, 1, sequence, sequence]}.
     */
    public Tensor relativePositions() {
        return Objects.requireNonNull(relativePositions, "this model has no relative positions");
    }

    /**
     * Returns the row indices into the table of relative positions with the sign of the distance reversed,
     * {@code [1, 1, sequence, sequence]}.
     */
    public Tensor mirroredPositions() {
        return Objects.requireNonNull(mirroredPositions, "this model has no relative positions");
    }

    /** Returns the blocks of rows that lie side by side; null if each row has a row of the batch to itself. */
    public @Nullable Blocks blocks() {
        return blocks;
    }

    /** Returns true if this input is one more token per row, with all earlier tokens in a cache. */
    public boolean goesOn() {
        return places != null;
    }

    /** Returns the indices in a cache for the keys of one more token per row, {@code [batch, 1, 1, 1]}, int64. */
    public Tensor places() {
        return Objects.requireNonNull(places, "whole rows lie in the cache from its beginning");
    }

    /** Returns the part of a row if this input is one; null for whole rows and for one more token per row. */
    public @Nullable TokenRange part() {
        return part;
    }

    /**
     * Returns this input with those of layers beside the hidden state.
     *
     * @param values inputs of several layers side by side, {@code [batch, sequence, layers * width]}
     * @param first the first of these layers
     */
    public ModelInput withPerLayer(Tensor values, int first) {
        return new ModelInput(this, new PerLayer(values, first));
    }

    /** Returns the inputs of all layers beside the hidden state, side by side; null for nearly all families. */
    public @Nullable Tensor perLayer() {
        return perLayer == null ? null : perLayer.values();
    }

    /**
     * Returns the input of a layer beside the hidden state, {@code [batch, sequence, width]}.
     *
     * @param width width of the input of one layer
     */
    public Tensor perLayer(int layer, int width) {
        PerLayer inputs = Objects.requireNonNull(perLayer, "the input was not completed by the embeddings");
        long from = (long) (layer - inputs.first()) * width;
        return inputs.values().slice(-1, from, from + width);
    }

    /** Returns the features of images; null if the batch has none. */
    public @Nullable ImageFeatures images() {
        return images;
    }
}
