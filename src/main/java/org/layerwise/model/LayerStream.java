package org.layerwise.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.Norm;
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
         * Returns the next hidden state of a batch, {@code [batch, sequence, hidden]}, in the innermost open scope.
         *
         * @param hidden output of the previous part; the embeddings ignore it
         */
        Tensor apply(TokenBatch batch, @Nullable Tensor hidden);

        @Override
        void close();
    }

    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final ModelDescription description;
    private final TensorNameResolver stored;
    private final Device device;
    private final DType type;
    private final boolean mapped;

    /**
     * Creates a stream that reads each part into new memory.
     *
     * @param type type to compute in
     * @throws org.layerwise.base.UserException if a tensor is missing
     */
    public LayerStream(TensorEngine engine, ModelBlueprint blueprint, Device device, DType type) {
        this(engine, blueprint, device, type, false);
    }

    private LayerStream(TensorEngine engine, ModelBlueprint blueprint, Device device, DType type, boolean mapped) {
        blueprint.requireComplete();
        this.engine = engine;
        this.blueprint = blueprint;
        this.description = blueprint.description();
        this.stored = new TensorNameResolver(blueprint.checkpoint(), description.names());
        this.device = device;
        this.type = type;
        this.mapped = mapped;
    }

    /**
     * Creates a stream that leaves the parts in their mapped files, for machines whose memory is too small even for one
     * part. The dangers are those of {@link TransformerModel#loadMapped}.
     *
     * @param type type to compute in
     * @throws org.layerwise.base.UserException if a tensor is missing
     */
    public static LayerStream mapped(TensorEngine engine, ModelBlueprint blueprint, DType type) {
        return new LayerStream(engine, blueprint, Device.CPU, type, true);
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
            return (batch, hidden) -> embeddings.apply(
                    ModelInput.of(
                            engine,
                            config(),
                            batch,
                            device,
                            type,
                            tower == null ? null : tower.features(batch, device)),
                    0);
        });
    }

    /** Loads the part from the input of a layer to its output. */
    public Stage layer(int index, Progress progress) {
        return stage(owner -> {
            ModelAssembly assembly = assembly(weights(owner, progress));
            TransformerLayer block = assembly.block(index, assembly.relativeTable());
            return (batch, hidden) -> block.apply(
                    Objects.requireNonNull(hidden, "a layer needs its input"),
                    ModelInput.of(engine, config(), batch, device, type, null),
                    ModelConfig.Dropout.NONE);
        });
    }

    /** Loads the part from the output of the last layer to the state that HuggingFace calls the last hidden state. */
    public Stage lastState(Progress progress) {
        return stage(owner -> {
            Norm norm = config().finalNorm() == ModelConfig.FinalNorm.IN_LAST_STATE
                    ? Norm.orNone(assembly(weights(owner, progress)).finalNorm())
                    : new Norm.Identity();
            return (batch, hidden) -> norm.apply(Objects.requireNonNull(hidden, "a norm needs its input"));
        });
    }

    @FunctionalInterface
    private interface Step {
        Tensor apply(TokenBatch batch, @Nullable Tensor hidden);
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
                public Tensor apply(TokenBatch batch, @Nullable Tensor hidden) {
                    return step.apply(batch, hidden);
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
                : FileWeights.read(engine, stored, device, owner);
        return new LoadedWeights(engine, files, owner, progress);
    }

    private ModelAssembly assembly(LoadedWeights weights) {
        return new ModelAssembly(engine, config(), description.names(), weights, type);
    }
}
