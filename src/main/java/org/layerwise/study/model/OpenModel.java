package org.layerwise.study.model;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.extraction.LayeredExtractor;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.Dataset;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.lora.BaseModel;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModuleType;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.family.DescriptionReader;
import org.layerwise.run.ModelIdentity;
import org.layerwise.selection.LoraSize;
import org.layerwise.selection.export.ExportedModel;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Open model with its tokenizer. The weights are in memory on a device, or are used one layer at a time if the memory
 * is too small, or are not loaded for work on a cluster. Jobs on one model run one at a time. Closing the model frees
 * its memory.
 */
public final class OpenModel implements AutoCloseable {

    // maximum share of the free memory for hidden states between two layers
    private static final double WAITING_SHARE = 0.25;

    private final ModelSettings settings;
    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final Device device;
    private final DType type;
    private final MemoryNeed memory;
    private final ModelLoading loading;
    private final @Nullable TransformerModel model;
    private final ModelCard card;
    private final ModelInspection inspection;
    private final ModelTokenizer tokenizer;
    private final ModelListener listener;
    private final ModelHashes hashes;
    private @Nullable TransformerModel inFiles;
    private @Nullable TransformerModel unloaded;

    /**
     * Opens a model.
     *
     * @param memory decides about the loading of the weights: now, one layer at a time later, or not at all
     * @param use work for which the model is opened
     * @param check check of the tokenizer before it is opened
     * @param text returns true if rows that are being read are text, so that the tokenizer is opened beside the loading of
     *     the weights; called on another thread, may wait; empty if no rows are being read
     * @param listener receives the description of the model before its weights are loaded
     * @throws UserException if a tensor is missing
     */
    public OpenModel(
            ModelSettings settings,
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            MemoryNeed memory,
            ModelUse use,
            TokenizerCheck check,
            Optional<Predicate<Progress>> text,
            ModelListener listener,
            Progress progress) {
        blueprint.requireComplete();
        this.settings = settings;
        this.engine = engine;
        this.blueprint = blueprint;
        this.device = device;
        this.type = type;
        this.memory = memory;
        this.loading = new ModelLoading(engine, blueprint, device, type, memory, use);
        this.tokenizer = new ModelTokenizer(blueprint, check, listener);
        this.card = ModelOutline.card(blueprint, device, type, memory);
        this.inspection = ModelInspection.of(blueprint); // computed at this point, since no window waits for it
        this.hashes = new ModelHashes(blueprint.checkpoint());
        this.listener = listener;
        listener.described(settings, card);
        ConfigRemarks.of(blueprint.checkpoint()).forEach(listener::noted);
        text.ifPresent(tokenizer::begin);
        try {
            this.model = loading.load(progress);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Returns true if weights that need no conversion stay in their memory-mapped files, since a copy of them would
     * take nearly all free memory.
     */
    public boolean isMapped() {
        return loading.isMapped();
    }

    /** Returns true if the model is used one layer at a time. */
    public boolean isUsedByLayers() {
        return memory.byLayers();
    }

    /** Returns the description of the model for users. */
    public ModelCard card() {
        return card;
    }

    /** Returns the architecture of the model as a table. */
    public ModelInspection inspection() {
        return inspection;
    }

    /**
     * Returns the number of trainable parameters of adapters, without a head. This is fast, since only shapes are
     * needed.
     *
     * @param values values of {@link org.layerwise.lora.LoraSettings}
     * @throws UserException if a target matches no module, or no weights of experts
     */
    public long adapterParameters(Collection<Integer> layers, SettingValues values) {
        return LoraSize.of(blueprint, layers, values);
    }

    /**
     * Returns target modules for those modules of one type that other target modules match.
     *
     * @throws UserException for the reasons of {@link ModuleType#targets}
     */
    public List<String> targets(ModuleType type, List<String> targetModules) {
        return type.targets(blueprint, targetModules);
    }

    /**
     * Returns the model with its weights. If it is used one layer at a time, its matrices stay in their files, from which
     * each computation reads them.
     *
     * @throws UserException if the model was opened without its weights, or a file was changed since
     */
    public synchronized TransformerModel model() {
        if (memory.nothing()) {
            throw notLoaded();
        }
        if (model != null) {
            return model;
        }
        if (inFiles == null) {
            inFiles = loading.inFiles(Progress.none());
        }
        return inFiles;
    }

    /** Returns the model with its weights; empty if they are not in memory. */
    public Optional<TransformerModel> whole() {
        return Optional.ofNullable(model);
    }

    private UserException notLoaded() {
        return new UserException(
                "%s was opened without its weights, for work on a cluster; choose one to run on (--on), or open it with its weights."
                        .formatted(blueprint.checkpoint().name()));
    }

    /**
     * Returns the model for its structure and for new adapters, even if its weights are not loaded. The result may not
     * be able to compute.
     */
    public synchronized TransformerModel described() {
        if (!memory.nothing()) {
            return model();
        }
        if (unloaded == null) {
            unloaded = TransformerModel.unloaded(engine, blueprint, type);
        }
        return unloaded;
    }

    /** Returns the model's own dropout with one probability at every place where models of its family have dropout. */
    public ModelConfig.Dropout dropout(double probability) {
        return DescriptionReader.dropout(blueprint.checkpoint(), probability);
    }

    /** Returns true if the model has a vision tower. */
    public boolean seesImages() {
        return blueprint.description().vision() != null;
    }

    /** Returns true if the weights are on this computer, loaded or not. */
    public boolean hasWeights() {
        return blueprint.checkpoint().hasWeights();
    }

    /** Returns the device that the model computes on. */
    public Device computeDevice() {
        return device;
    }

    /** Returns the data type that the model computes in. */
    public DType computeType() {
        return type;
    }

    /**
     * Returns the data type that a cluster computes in, with or without GPUs, for the settings of this model.
     *
     * @throws UserException if the settings ask for float16, which clusters do not support
     */
    public DType typeOn(boolean gpu) {
        if (settings.type() == ComputeType.F16) {
            throw new UserException(
                    "float16 is not computed in on clusters, where bfloat16 takes its place; choose --dtype bf16 or"
                            + " f32.");
        }
        return settings.type().on(gpu ? Device.cuda(0) : Device.CPU, blueprint.mostlyIn16Bits());
    }

    /** Returns the padding of the model's rows. */
    public RowPadding rowPadding() {
        return blueprint.config().rowPadding();
    }

    /** Returns true if the model's configuration names a padding token. */
    public boolean namesPadding() {
        return blueprint.config().padding().isPresent();
    }

    /** Returns the settings that the model was opened with. */
    public ModelSettings settings() {
        return settings;
    }

    /** Returns the location from which others can get the model. */
    public ModelOrigin origin() {
        if (settings.model().equals(ModelLocator.SAMPLE)) {
            return ModelOrigin.sample();
        }
        ModelOrigin folder = ModelOrigin.folder(blueprint.checkpoint());
        return folder.revision() == null && ModelLocator.isOnHub(settings.model())
                ? ModelOrigin.hub(settings.model().strip())
                : folder;
    }

    /** Returns the description of the model without its weights. It is made at each call, which takes moments for a large model. */
    public ModelOutline outline() {
        return ModelOutline.of(blueprint);
    }

    /** Returns the model as other tools load it. */
    public ExportedModel exported() {
        return outline().exported(settings.model(), revision().orElse(null));
    }

    /** Gives a remark on an adapter or on rows to the listener. */
    public void note(String remark) {
        listener.noted(remark);
    }

    /** Returns the base model as adapters of this model reference it. */
    public BaseModel base() {
        return origin().base();
    }

    /** Returns the reference to the model in a configuration: {@code sample}, a hub id, or an absolute path. */
    public String reference() {
        return reference(settings.model());
    }

    private static String reference(String model) {
        return ModelLocator.isFolder(model)
                ? Path.of(model).toAbsolutePath().normalize().toString()
                : model;
    }

    /**
     * Returns true if other settings stand for the same model, and on this model's device for the same data type; their
     * own device does not count.
     */
    public boolean isOf(ModelSettings other) {
        return reference().equals(reference(other.model()))
                && other.quantization() == settings.quantization()
                && other.type().on(device, blueprint.mostlyIn16Bits()) == type;
    }

    /** Returns the commit of a model of the hub; empty for other models. */
    public Optional<String> revision() {
        return blueprint.checkpoint().revision();
    }

    /**
     * Returns the SHA-256 hash of the model's weights, which is computed once; empty if the weights are not on this
     * computer.
     *
     * @throws UserException if a weight file can no longer be read
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Optional<String> weightsSha256(Progress progress) {
        return hashes.ofWeights(progress);
    }

    /**
     * Returns the identity of the model, by which results and runs know whether it has changed.
     *
     * @throws UserException if a weight file can no longer be read, or is no longer the one that was opened
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public ModelIdentity identity(Progress progress) {
        return hashes.identity(progress);
    }

    /**
     * Returns the representations of all rows in all hidden states, computed with the whole model or one layer at a
     * time.
     *
     * @throws UserException if a temporary file cannot be written
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Representations represent(TokenizedDataset tokens, Position position, Progress progress) {
        return represent(tokens, position, false, Optional.empty(), progress).representations();
    }

    /**
     * Returns the representations of all rows in all hidden states and, on request, comparisons of all tokens.
     *
     * @param tokenCosines true if all tokens are compared as well
     * @param adapted transformer of the whole model with adapters; empty for the unchanged model
     */
    public Extraction represent(
            TokenizedDataset tokens,
            Position position,
            boolean tokenCosines,
            Optional<Transformer> adapted,
            Progress progress) {
        if (memory.nothing()) {
            throw notLoaded();
        }
        Extraction extraction = adapted.isEmpty() && memory.byLayers()
                ? byLayers(tokens, position, tokenCosines, progress)
                : new RepresentationExtractor(model(), adapted.orElse(model().transformer()))
                        .extract(tokens, position, tokenCosines, progress);
        requireUnchanged();
        return extraction;
    }

    /**
     * Makes sure, after a computation, that weights which are read from their files when they are needed are those that were
     * opened: else the numbers are of no model. Weights in memory of their own do not change.
     *
     * @throws UserException if a file was changed or replaced
     */
    public void requireUnchanged() {
        if (isMapped() || memory.byLayers()) {
            blueprint.checkpoint().requireUnchanged();
        }
    }

    private Extraction byLayers(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress) {
        long limit = (long) (WAITING_SHARE * memory.available());
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new LayeredExtractor(loading.stream(), limit, temporary)
                .extract(tokens, position, tokenCosines, progress);
    }

    /**
     * Tokenizes rows for this model.
     *
     * @throws UserException if there is text but no tokenizer, images that the model does not see, or ids that do not
     *     fit
     */
    public TokenizedDataset tokenize(Dataset data, DataSettings settings, Progress progress) {
        return tokenizer.tokenize(data, settings, progress);
    }

    /** Tokenizes rows with labels for a language model: the tokens of answers, or all tokens. */
    public TokenizedDataset tokenizeToLearn(Dataset data, DataSettings settings, Progress progress) {
        return tokenizer.tokenizeToLearn(data, settings, progress);
    }

    /** Tokenizes rows as {@link #tokenize} or {@link #tokenizeToLearn} does, without remarks to the listener. */
    public TokenizedDataset tokenizeSilently(Dataset data, DataSettings settings, boolean learn, Progress progress) {
        return tokenizer.tokenizeSilently(data, settings, learn, progress);
    }

    /**
     * Tokenizes rows as prompts for generation.
     *
     * @param newTokens maximum number of generated tokens per row
     * @throws UserException for the same reasons as {@link #tokenize}
     */
    public TokenizedDataset prompts(Dataset data, DataSettings settings, int newTokens, Progress progress) {
        return tokenizer.prompts(data, settings, newTokens, progress);
    }

    /** Returns the tokenizer, which belongs to this model and is closed with it; empty if the model has none. */
    public Optional<TextTokenizer> textTokenizer(Progress progress) {
        return tokenizer.textTokenizer(progress);
    }

    @Override
    public synchronized void close() {
        tokenizer.close();
        if (unloaded != null) {
            unloaded.close();
        }
        if (inFiles != null) {
            inFiles.close();
        }
        if (model != null) {
            model.close();
        } else {
            blueprint.checkpoint().close();
        }
    }
}
