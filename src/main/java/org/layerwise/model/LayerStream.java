package org.layerwise.model;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.PerLayerInputConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.RoutingListener;
import org.layerwise.model.layer.SharedKeyValues;
import org.layerwise.model.layer.TransformerLayer;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Transformer of which one part at a time is on the device: embeddings, then each layer, then the final norm. The
 * caller keeps the hidden states between two parts.
 */
public final class LayerStream {

    /** Part of the model on the device until it is closed. */
    public interface Stage extends AutoCloseable {

        /**
         * Returns the next state of a batch, {@code [batch, sequence, hidden]}, in the innermost open scope. It is wider
         * for families whose later layers need more than the hidden state, which comes first.
         *
         * @param state output of the previous part; the embeddings ignore it
         */
        Tensor apply(TokenBatch batch, @Nullable Tensor state);

        @Override
        void close();
    }

    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final ModelDescription description;
    private final StoredTensors stored;
    private final Device device;
    private final DType type;
    private final boolean mapped;
    private final boolean packs;
    private final boolean decodesOnce;
    private final @Nullable IntFunction<RoutingListener> listeners;

    /**
     * Creates a stream that reads each part into new memory, except tables of embeddings, of which it reads single rows.
     *
     * @param type type to compute in
     * @throws org.layerwise.base.UserException if a tensor is missing
     */
    public LayerStream(TensorEngine engine, ModelBlueprint blueprint, Device device, DType type) {
        this(engine, blueprint, device, type, false, false, true, null);
    }

    private LayerStream(
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            boolean mapped,
            boolean packs,
            boolean decodesOnce,
            @Nullable IntFunction<RoutingListener> listeners) {
        blueprint.requireComplete();
        this.engine = engine;
        this.blueprint = blueprint;
        this.description = blueprint.description();
        this.stored = blueprint.stored();
        this.device = device;
        this.type = type;
        this.mapped = mapped;
        this.packs = packs;
        this.decodesOnce = decodesOnce;
        this.listeners = listeners;
    }

    /**
     * Returns this stream with listeners to the choices of the routers.
     *
     * @param others returns the listener of a layer
     */
    public LayerStream listening(IntFunction<RoutingListener> others) {
        return new LayerStream(engine, blueprint, device, type, mapped, packs, decodesOnce, others);
    }

    /**
     * Returns this stream with quantised matrices decoded for each computation instead of once for all batches: for a few batches,
     * whose time is little against the memory of a decoded layer.
     */
    public LayerStream decodingEachTime() {
        return new LayerStream(engine, blueprint, device, type, mapped, packs, false, listeners);
    }

    /**
     * Creates a stream that packs the weights of linear maps, as {@link TransformerModel#loadPacked} does, so that results are equal
     * to those of the packed model to the bit.
     *
     * @param type type to compute in
     * @throws org.layerwise.base.UserException if a tensor is missing
     * @throws UnsupportedOperationException if the device {@linkplain TensorEngine#packs does not pack}
     */
    public static LayerStream packed(TensorEngine engine, ModelBlueprint blueprint, Device device, DType type) {
        return new LayerStream(engine, blueprint, device, type, false, true, true, null);
    }

    /**
     * Creates a stream that leaves the parts in their mapped files, for machines whose memory is too small even for one
     * part. The dangers are those of {@link TransformerModel#loadMapped}.
     *
     * @param type type to compute in
     * @throws org.layerwise.base.UserException if a tensor is missing
     */
    public static LayerStream mapped(TensorEngine engine, ModelBlueprint blueprint, DType type) {
        return new LayerStream(engine, blueprint, Device.CPU, type, true, false, false, null);
    }

    /** Returns the engine that computes. */
    public TensorEngine engine() {
        return engine;
    }

    /** Returns the configuration of the model. */
    public ModelConfig config() {
        return blueprint.config();
    }

    /** Returns the device on which the model computes. */
    public Device device() {
        return device;
    }

    /** Returns the type in which the model computes. */
    public DType type() {
        return type;
    }

    /** Loads the part from token ids, and images, to the input of layer 0. */
    public Stage embeddings(Progress progress) {
        return stage(owner -> {
            LoadedWeights weights = weights(owner, progress);
            Embeddings embeddings = assembly(weights).embeddings();
            VisionTower tower = description.vision() == null
                    ? null
                    : VisionTower.build(engine, description.vision(), config().hiddenSize(), weights, type);
            return (batch, none) -> {
                ModelInput input = embeddings.completed(ModelInput.of(
                        engine, config(), batch, device, type, tower == null ? null : tower.features(batch, device)));
                Tensor hidden = embeddings.apply(input, 0);
                return input.perLayer() == null ? hidden : engine.cat(List.of(hidden, input.perLayer()), 2);
            };
        });
    }

    /** Loads the part from the input of a layer to its output. */
    public Stage layer(int index, Progress progress) {
        return stage(owner -> {
            ModelAssembly assembly = assembly(weights(owner, progress));
            TransformerLayer silent = assembly.block(index, assembly.relativeTable());
            TransformerLayer block =
                    listeners == null ? silent : silent.mapExperts(experts -> experts.with(listeners.apply(index)));
            return (batch, before) -> {
                Tensor state = Objects.requireNonNull(before, "a layer needs its input");
                ModelInput input = ModelInput.of(engine, config(), batch, device, type, null);
                PerLayerInputConfig perLayer = config().embedding().perLayer();
                return perLayer == null
                        ? block.apply(state, input, ModelConfig.Dropout.NONE)
                        : withPerLayer(block, index, perLayer.width(), state, input);
            };
        });
    }

    /** Applies a layer whose own input, and those of later layers, stand at the end of the state. */
    private Tensor withPerLayer(TransformerLayer block, int index, int width, Tensor state, ModelInput input) {
        long begin = state.size(-1) - (long) (config().layers() - index) * width;
        Tensor output = block.apply(
                state.slice(-1, 0, begin),
                input.withPerLayer(state.slice(-1, begin, state.size(-1)), index),
                ModelConfig.Dropout.NONE);
        return engine.cat(List.of(output, state.slice(-1, begin + width, state.size(-1))), 2);
    }

    /** Returns the hidden state in the output of a part. */
    public Tensor hidden(Tensor state) {
        return SharedKeyValues.hidden(state, config().hiddenSize());
    }

    /** Returns the width of the widest state. */
    public int stateWidth() {
        PerLayerInputConfig perLayer = config().embedding().perLayer();
        return config().stateWidth(config().layers()) + (perLayer == null ? 0 : config().layers() * perLayer.width());
    }

    /** Loads the part from the output of the last layer to the state that HuggingFace calls the last hidden state. */
    public Stage lastState(Progress progress) {
        return stage(owner -> {
            Norm norm = config().finalNorm() == ModelConfig.FinalNorm.IN_LAST_STATE
                    ? Norm.orNone(assembly(weights(owner, progress)).finalNorm())
                    : new Norm.Identity();
            return (batch, state) -> norm.apply(hidden(Objects.requireNonNull(state, "a norm needs its input")));
        });
    }

    @FunctionalInterface
    private interface Step {
        Tensor apply(TokenBatch batch, @Nullable Tensor state);
    }

    @FunctionalInterface
    private interface Loading {
        Step load(TensorOwner owner);
    }

    private Stage stage(Loading loading) {
        TensorOwner owner = engine.owner();
        try {
            Step step = loading.load(owner);
            return new Stage() {
                @Override
                public Tensor apply(TokenBatch batch, @Nullable Tensor state) {
                    return step.apply(batch, state);
                }

                @Override
                public void close() {
                    owner.close();
                }
            };
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private LoadedWeights weights(TensorOwner owner, Progress progress) {
        FileWeights files = mapped
                ? FileWeights.mapped(engine, stored, device, owner)
                : FileWeights.readExceptTables(engine, stored, device, owner);
        return new LoadedWeights(engine, files, owner, packs, decodesOnce, progress);
    }

    private ModelAssembly assembly(LoadedWeights weights) {
        return new ModelAssembly(engine, config(), description.names(), weights, type);
    }
}
