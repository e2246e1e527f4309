package org.layerwise.model;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Transformer whose weights are on a device. Closing the model frees the weights; no object made from the model may be
 * used after that.
 */
public final class TransformerModel implements AutoCloseable {

    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final StoredTensors stored;
    private final Device device;
    private final TensorOwner owner;
    private final LoadedWeights weights;
    private final Transformer transformer;
    private final @Nullable VisionTower vision;
    private final BiFunction<StoredTensors, TensorOwner, LoadedWeights.Supply> supply;
    private final boolean packs;

    private TransformerModel(
            TensorEngine engine,
            ModelBlueprint blueprint,
            StoredTensors stored,
            Device device,
            TensorOwner owner,
            LoadedWeights weights,
            Transformer transformer,
            @Nullable VisionTower vision,
            BiFunction<StoredTensors, TensorOwner, LoadedWeights.Supply> supply,
            boolean packs) {
        this.engine = engine;
        this.blueprint = blueprint;
        this.stored = stored;
        this.device = device;
        this.owner = owner;
        this.weights = weights;
        this.transformer = transformer;
        this.vision = vision;
        this.supply = supply;
        this.packs = packs;
    }

    /**
     * Loads a model from a HuggingFace folder, to compute in float32.
     *
     * @throws UserException if the family is not supported, or a tensor is missing or its shape contradicts config.json
     */
    public static TransformerModel load(TensorEngine engine, Checkpoint checkpoint, Device device, Progress progress) {
        return load(engine, ModelBlueprint.read(engine, checkpoint), device, DType.F32, progress);
    }

    /**
     * Loads a model into new memory, so that later changes of its files do no harm.
     *
     * @param type type to compute in: float32 or bfloat16, on a GPU also float16
     * @throws UserException if a tensor is missing, or a file was changed since the checkpoint was opened
     */
    public static TransformerModel load(
            TensorEngine engine, ModelBlueprint blueprint, Device device, DType type, Progress progress) {
        return read(engine, blueprint, device, type, false, progress);
    }

    /**
     * Loads a model that is never differentiated: the weights of its linear maps are {@link Tensor#packed} and not kept in any
     * other form, so it cannot be trained. Weights of experts, and those that are stored transposed, stay as they are.
     * A language-model head that is tied to the token embeddings takes memory of its own.
     *
     * @param type type to compute in: float32 or bfloat16
     * @throws UserException if a tensor is missing, or a file was changed since the checkpoint was opened
     * @throws UnsupportedOperationException if the device {@linkplain TensorEngine#packs does not pack}
     */
    public static TransformerModel loadPacked(
            TensorEngine engine, ModelBlueprint blueprint, Device device, DType type, Progress progress) {
        return read(engine, blueprint, device, type, true, progress);
    }

    private static TransformerModel read(
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            boolean packs,
            Progress progress) {
        return of(
                engine,
                blueprint,
                device,
                type,
                (stored, owner) -> FileWeights.read(engine, stored, device, owner),
                packs,
                progress);
    }

    /**
     * Opens a model whose matrices stay in their mapped files. Those that are quantised, stored in another type than the
     * compute type, or needed on a GPU are made for each computation and freed after it, except where a graph needs them.
     * The files must not be written while the model is used: a change would change the results, and the process ends if a
     * file becomes shorter.
     *
     * @param type type to compute in: float32 or bfloat16, on a GPU also float16
     * @throws UserException if a tensor is missing, or a file was changed since the checkpoint was opened
     */
    public static TransformerModel loadMapped(
            TensorEngine engine, ModelBlueprint blueprint, Device device, DType type, Progress progress) {
        return of(
                engine,
                blueprint,
                device,
                type,
                (stored, owner) -> FileWeights.mapped(engine, stored, device, owner),
                false,
                progress);
    }

    /**
     * Opens a model to inspect and not to compute with: matrices stay in their files in the type in which they are
     * stored, or hold only NaN if the checkpoint has no weights. The model takes next to no memory.
     *
     * @param type type in which the transformer claims to compute
     * @throws UserException if a tensor is missing
     */
    public static TransformerModel unloaded(TensorEngine engine, ModelBlueprint blueprint, DType type) {
        return of(
                engine,
                blueprint,
                Device.CPU,
                type,
                (stored, owner) -> blueprint.checkpoint().hasWeights()
                        ? FileWeights.asStored(engine, stored, owner)
                        : new BlankWeights(engine, blueprint.checkpoint().source()),
                false,
                Progress.none());
    }

    private static TransformerModel of(
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            BiFunction<StoredTensors, TensorOwner, LoadedWeights.Supply> supply,
            boolean packs,
            Progress progress) {
        blueprint.requireComplete();
        ModelDescription description = blueprint.description();
        StoredTensors stored = blueprint.stored();
        TensorOwner owner = engine.owner();
        try {
            LoadedWeights weights =
                    new LoadedWeights(engine, supply.apply(stored, owner), owner, packs, false, progress);
            Transformer transformer =
                    new ModelAssembly(engine, description.config(), description.names(), weights, type).build(progress);
            VisionTower vision = description.vision() == null
                    ? null
                    : VisionTower.build(
                            engine, description.vision(), description.config().hiddenSize(), weights, type);
            return new TransformerModel(
                    engine, blueprint, stored, device, owner, weights, transformer, vision, supply, packs);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** Returns the configuration of the model. */
    public ModelConfig config() {
        return transformer.config();
    }

    /** Returns the full description in the checkpoint's configuration. */
    public ModelDescription description() {
        return blueprint.description();
    }

    /** Returns the blueprint of the checkpoint. */
    public ModelBlueprint blueprint() {
        return blueprint;
    }

    /** Returns the transformer without a head, without dropout or adapters. */
    public Transformer transformer() {
        return transformer;
    }

    /**
     * Returns the transformer with some of its tensors replaced; all other tensors are shared.
     *
     * @param trained replacements by the names of {@link #tensors}, of the same shapes; none of them may be
     *     {@link #usedTurned}
     */
    public Transformer transformer(Map<String, Tensor> trained) {
        return trained.isEmpty()
                ? transformer
                : new ModelAssembly(
                                engine,
                                config(),
                                description().names(),
                                new TrainedWeights(weights, Map.copyOf(trained)),
                                transformer.type())
                        .build(Progress.none());
    }

    /**
     * Returns the tensors of the transformer, and of the vision tower if there is one, that the model keeps, by their names in
     * HuggingFace's model with a task head, in the shapes in which they are stored.
     */
    public Map<String, Tensor> tensors() {
        return weights.loaded();
    }

    /** Returns true if weights of linear maps are made for each computation: decoded, converted or copied from their files. */
    public boolean makesWeights() {
        return !weights.stacks().isEmpty()
                || weights.weights().values().stream().anyMatch(OnDemandWeight.class::isInstance);
    }

    /** Returns the names of {@link #tensors} and of the weights that are made for each computation. */
    public Set<String> tensorNames() {
        Set<String> names = new LinkedHashSet<>(weights.loaded().keySet());
        names.addAll(weights.weights().keySet());
        names.addAll(weights.stacks().keySet());
        return names;
    }

    /**
     * Returns a tensor with its elements in rows; it belongs to the innermost open scope, or to the model if the model keeps it
     * in this form.
     *
     * @param name name in HuggingFace's model with a task head
     */
    public Tensor tensor(String name) {
        LinearWeight weight = weights.weights().get(name);
        if (weight != null) {
            return weight.matrix();
        }
        Tensor kept = weights.loaded().get(name);
        if (kept != null) {
            return kept;
        }
        return supply.apply(stored, owner).tensor(name, transformer.type(), shape(name));
    }

    /** Returns the shape in which a tensor is stored. */
    public long[] shape(String name) {
        return stored.get(stored.findOrLikely(name)).shape();
    }

    /** Returns true if the model does not use a tensor as it is stored, but transposed or with something added. */
    public boolean usedTurned(String tensor) {
        return weights.derived().containsKey(tensor);
    }

    /**
     * Returns true if a tensor can be trained in full: the model uses it as it is stored and not quantised, and it does not
     * enter the inputs of a batch, which are made without what is trained.
     */
    public boolean trainsInFull(String tensor) {
        return !usedTurned(tensor)
                && !blueprint.ofExpert(tensor)
                && !ofPerLayerInputs(tensor)
                && stored.find(tensor).map(stored.quantized()::get).isEmpty();
    }

    private boolean ofPerLayerInputs(String tensor) {
        return config().embedding().perLayer() != null
                && Stream.of(
                                Module.TOKENS,
                                Module.PER_LAYER_TOKENS,
                                Module.PER_LAYER_MODEL_PROJECTION,
                                Module.PER_LAYER_NORM)
                        .anyMatch(module ->
                                tensor.startsWith(description().names().inBody(module) + "."));
    }

    /** Returns the device of the weights. */
    public Device device() {
        return device;
    }

    /** Returns the engine that computes with the model. */
    public TensorEngine engine() {
        return engine;
    }

    /** Returns the checkpoint from which the model was loaded. */
    public Checkpoint checkpoint() {
        return blueprint.checkpoint();
    }

    /** Returns the names of the linear modules that LoRA targets by default. */
    public List<String> defaultTargets() {
        return description().defaultTargets();
    }

    /**
     * Returns the number of parameters of the transformer and of those modules of the head that the checkpoint
     * contains.
     */
    public long parameters() {
        return blueprint.parameters();
    }

    /**
     * Copies a batch to the device and passes its images through the vision tower. The tensors belong to the innermost
     * open scope.
     *
     * @throws UserException if images and image tokens do not match
     */
    public ModelInput input(TokenBatch batch) {
        return transformer.completed(incomplete(batch));
    }

    /**
     * Copies batches to the device as {@link #input(TokenBatch)} does and places their rows side by side in one sequence,
     * so that no row is padded to the length of another.
     *
     * @param batches batches without padding
     */
    public ModelInput sideBySide(List<TokenBatch> batches) {
        return transformer.completed(ModelInput.sideBySide(
                engine, batches.stream().map(this::incomplete).toList()));
    }

    private ModelInput incomplete(TokenBatch batch) {
        return ModelInput.of(
                engine,
                config(),
                batch,
                device,
                transformer.type(),
                vision == null ? null : vision.features(batch, device));
    }

    /**
     * Makes the input of one more token for each row, as {@link ModelInput#next} does.
     *
     * @param positions positions of the tokens in their rows, from 0
     */
    public ModelInput next(long[] ids, int[] positions) {
        return transformer.completed(ModelInput.next(engine, config(), ids, positions, device, transformer.type()));
    }

    /** Makes the input of a part of one row of a decoder whose earlier tokens are in a cache. */
    public ModelInput input(TokenRange part) {
        return transformer.completed(ModelInput.of(engine, config(), part, device, transformer.type()));
    }

    /** Returns the vision tower; empty for models without images. */
    Optional<VisionTower> vision() {
        return Optional.ofNullable(vision);
    }

    /** Returns the number of outputs of the checkpoint's own head; empty if it has none. */
    public Optional<Integer> storedLabels() {
        return HeadLoader.storedLabels(description(), stored);
    }

    /**
     * Loads the head for sequence classification: the checkpoint's own modules, and newly initialised ones if it lacks
     * them.
     *
     * @param holder owner of the head's weights
     * @param labels number of outputs, 1 for regression
     * @param seed seed of newly initialised weights
     * @throws UserException if the checkpoint's head has another number of outputs
     */
    public LoadedHead head(TensorOwner holder, int labels, long seed) {
        storedLabels().filter(has -> has != labels).ifPresent(has -> {
            throw new UserException(
                    labels == 1
                            ? "The classification head of %s has %s outputs, but regression needs one; use --task classification, or a checkpoint without a head."
                                    .formatted(checkpoint().folder(), has)
                            : "The classification head of %s has %s outputs, but %s are needed; choose data with labels 0 to %s, or a checkpoint without a head."
                                    .formatted(checkpoint().folder(), has, labels, has - 1));
        });
        return headOfAnySize(holder, labels, seed);
    }

    /**
     * Loads the head for sequence classification, with a newly initialised classifier if the checkpoint's classifier
     * has another number of outputs.
     */
    public LoadedHead headOfAnySize(TensorOwner holder, int labels, long seed) {
        return new HeadLoader(engine, description(), stored, headSupply(holder), device, holder, seed).load(labels);
    }

    /**
     * Returns the weights of the head, loaded even if the other weights stay in their files: a head is small and
     * trained in float32.
     */
    private LoadedWeights.Supply headSupply(TensorOwner holder) {
        return blueprint.checkpoint().hasWeights()
                ? FileWeights.read(engine, stored, device, holder)
                : supply.apply(stored, holder);
    }

    /**
     * Refuses a checkpoint whose stored language-model head differs from the token embeddings to which it is tied.
     *
     * @throws UserException if it differs; the message names both tensors
     */
    public void requireTiedHead() {
        TiedHead.requireSame(description(), stored);
    }

    /**
     * Loads the head that predicts the next token.
     *
     * @param holder owner of the head's weights, unless the head is tied to the token embeddings
     * @throws UserException if the model is no decoder, or the checkpoint lacks the head
     */
    public LanguageModelHead languageModelHead(TensorOwner holder) {
        if (!description().names().has(Module.LANGUAGE_MODEL)) {
            throw new UserException("%s is an encoder (%s), which has no language-model head."
                    .formatted(checkpoint().folder(), config().family()));
        }
        requireTiedHead();
        String name = description().names().head(Module.LANGUAGE_MODEL);
        LinearWeight output = description().tiedLanguageModel()
                ? LinearWeight.of(tiedOutput(holder))
                : new LoadedWeights(engine, supply.apply(stored, holder), holder, packs, false, Progress.none())
                        .weight(name + ".weight", transformer.type(), config().vocabularySize(), config().hiddenSize());
        return new LanguageModelHead(
                new Linear(name, output, null, null),
                description().logitFactor(),
                description().languageModelCap());
    }

    private Tensor tiedOutput(TensorOwner holder) {
        if (!packs) {
            return transformer.tokenVectors();
        }
        try (Scope scope = engine.inference()) {
            return holder.adopt(transformer.tokenVectors().packed());
        }
    }

    /**
     * Returns the linear modules that match the target names, as in {@link ModelBlueprint#targets}.
     *
     * @throws UserException if a target matches nothing in the model
     */
    public List<Linear> targets(Set<Integer> layers, List<String> targetModules) {
        Set<String> names = new HashSet<>();
        blueprint.targets(layers, targetModules).forEach(module -> names.add(module.name()));
        return transformer.linears().stream()
                .filter(linear -> names.contains(linear.name()))
                .toList();
    }

    /** Returns the layers of this model, 0 to M-1. */
    public Set<Integer> allLayers() {
        Set<Integer> layers = new TreeSet<>();
        for (int i = 0; i < config().layers(); i++) {
            layers.add(i);
        }
        return layers;
    }

    @Override
    public void close() {
        owner.close();
        checkpoint().close();
    }
}
