package org.layerwise.study;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.extraction.LayeredExtractor;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.WeightsHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.TextTokenizer;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.data.TokenizerCheck;
import org.layerwise.lora.BaseModel;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.card.ModelOrigin;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * A model with its tokenizer, in memory on a device or, where the memory is too small, ready to be used a layer at a time; or
 * described only, for work on a cluster. Jobs on one model run one at a time; closing it frees its memory.
 */
public final class OpenModel implements AutoCloseable {

    // hidden states between two layers may take this share of what is free
    private static final double WAITING_SHARE = 0.25;

    private final ModelSettings settings;
    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final Device device;
    private final DType type;
    private final MemoryNeed memory;
    private final @Nullable TransformerModel model;
    private final ModelCard card;
    private final ModelInspection inspection;
    private final ModelTokenizer tokenizer;
    private @Nullable String weightsSha256;
    private @Nullable TransformerModel unloaded;

    /**
     * @param memory decides whether the weights are loaded now, or a layer at a time later
     * @param check of its tokenizer, before that is opened
     * @param listener hears of the model before that
     * @throws UserException if a tensor is missing
     */
    OpenModel(
            ModelSettings settings,
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            MemoryNeed memory,
            TokenizerCheck check,
            ModelListener listener,
            Progress progress) {
        blueprint.requireComplete();
        this.settings = settings;
        this.engine = engine;
        this.blueprint = blueprint;
        this.device = device;
        this.type = type;
        this.memory = memory;
        this.tokenizer = new ModelTokenizer(blueprint, check, listener);
        this.card = ModelOutline.card(blueprint, device, type, memory);
        this.inspection = ModelInspection.of(blueprint); // here, where no window waits for it
        listener.described(settings, card);
        this.model = memory.loaded() == Loading.WHOLE ? load(progress) : null;
    }

    private TransformerModel load(Progress progress) {
        return isMapped()
                ? TransformerModel.loadMapped(engine, blueprint, type, progress)
                : TransformerModel.load(engine, blueprint, device, type, progress);
    }

    private LayerStream stream() {
        return isMapped()
                ? LayerStream.mapped(engine, blueprint, type)
                : new LayerStream(engine, blueprint, device, type);
    }

    /** Returns true if weights that need no conversion stay in their files, since a copy of them would take nearly all free memory. */
    private boolean isMapped() {
        return device.kind() == Device.Kind.CPU
                && (memory.byLayers() ? memory.layersAreTight() : memory.wholeIsTight());
    }

    /** What people see of it. */
    public ModelCard card() {
        return card;
    }

    /** Its architecture as a table. */
    public ModelInspection inspection() {
        return inspection;
    }

    /** A selection of its layers, for those who train elsewhere. */
    public SelectionExport export(LayerSelection selection) {
        return SelectionExport.of(settings.model(), revision().orElse(null), ModelOutline.of(blueprint), selection);
    }

    /**
     * The number of trainable parameters of LoRA adapters, without a head. Quick: it looks at shapes only.
     *
     * @throws UserException if a target matches nothing
     */
    public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
        return blueprint.targets(new TreeSet<>(layers), targetModules).stream()
                .mapToLong(linear -> (long) rank * (linear.in() + linear.out()))
                .sum();
    }

    /**
     * The whole model.
     *
     * @throws UserException if it is used a layer at a time, or not loaded at all
     */
    public TransformerModel model() {
        if (memory.nothing()) {
            throw notLoaded();
        }
        if (model == null && !memory.wholeIsTight()) {
            throw new UserException(
                    "%s was opened one layer at a time, which is for extract and analyze; leave out --load layers."
                            .formatted(blueprint.checkpoint().name()));
        }
        if (model == null) {
            throw new UserException(
                    "%s takes %s in %s but %s is free, so it is used a layer at a time and can only be analysed; for anything else choose --dtype bf16, --load whole or a machine with more memory."
                            .formatted(
                                    blueprint.checkpoint().name(),
                                    ByteWords.of(memory.whole()),
                                    card.dtype(),
                                    ByteWords.of(memory.available())));
        }
        return model;
    }

    /** The whole model where it is loaded. */
    Optional<TransformerModel> whole() {
        return Optional.ofNullable(model);
    }

    private UserException notLoaded() {
        return new UserException(
                "%s was opened without its weights, for work on a cluster; choose one to run on (--on), or open it with its weights."
                        .formatted(blueprint.checkpoint().name()));
    }

    /** The model to look at and make adapters of, however much of it is loaded; it need not compute. */
    public synchronized TransformerModel described() {
        if (model != null) {
            return model;
        }
        if (unloaded == null) {
            unloaded = TransformerModel.unloaded(engine, blueprint, type);
        }
        return unloaded;
    }

    /** Whether it has a vision tower. */
    public boolean seesImages() {
        return blueprint.description().vision() != null;
    }

    /** Whether its weights are here, loaded or not. */
    public boolean hasWeights() {
        return blueprint.checkpoint().hasWeights();
    }

    /** Where it computes. */
    Device computeDevice() {
        return device;
    }

    /** What it computes in. */
    DType computeType() {
        return type;
    }

    /** What it computes in where there are GPUs, or none, as asked for when it was opened. */
    public DType typeOn(boolean gpu) {
        if (settings.type() == ComputeType.F16) {
            throw new UserException(
                    "float16 is not computed in on clusters, where bfloat16 takes its place; choose --dtype bf16 or f32.");
        }
        return settings.type().on(gpu ? Device.cuda(0) : Device.CPU, blueprint.mostlyIn16Bits());
    }

    /** The padding of its rows. */
    public RowPadding rowPadding() {
        return blueprint.config().rowPadding();
    }

    /** The settings that it was opened with. */
    public ModelSettings settings() {
        return settings;
    }

    /** Returns the place where others find the model. */
    public ModelOrigin origin() {
        if (settings.model().equals(ModelNames.SAMPLE)) {
            return ModelOrigin.sample();
        }
        ModelOrigin folder = ModelOrigin.folder(blueprint.checkpoint());
        return folder.revision() == null && ModelNames.isOnHub(settings.model())
                ? ModelOrigin.hub(settings.model().strip())
                : folder;
    }

    /** Returns the base model as its adapters name it. */
    public BaseModel base() {
        return origin().base();
    }

    /** How a configuration names the model: {@code sample}, a hub id, or an absolute path. */
    public String reference() {
        return reference(settings.model());
    }

    private static String reference(String model) {
        return ModelNames.isFolder(model)
                ? Path.of(model).toAbsolutePath().normalize().toString()
                : model;
    }

    /** Whether other settings mean the same model in the same precision, wherever it lies. */
    public boolean isOf(ModelSettings other) {
        return reference().equals(reference(other.model())) && settings.type() == other.type();
    }

    /** The commit of a model of the hub. */
    public Optional<String> revision() {
        return blueprint.checkpoint().revision();
    }

    /**
     * What identifies its weights; read once. Empty where they are not here.
     *
     * @throws UserException if a file cannot be read any more
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    public synchronized Optional<String> weightsSha256(Progress progress) {
        if (weightsSha256 == null && hasWeights()) {
            weightsSha256 = WeightsHash.sha256(blueprint.checkpoint(), progress);
        }
        return Optional.ofNullable(weightsSha256);
    }

    /**
     * The vectors of all rows in all hidden states, with the whole model or a layer at a time.
     *
     * @throws UserException if a temporary file cannot be written
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    Representations represent(TokenizedDataset tokens, Position position, Progress progress) {
        return represent(tokens, position, false, Optional.empty(), progress).representations();
    }

    /**
     * The same with more.
     *
     * @param tokenCosines whether all tokens are compared, too
     * @param adapted the whole model's transformer with adapters; empty for the model as it is
     */
    Extraction represent(
            TokenizedDataset tokens,
            Position position,
            boolean tokenCosines,
            Optional<Transformer> adapted,
            Progress progress) {
        if (memory.nothing()) {
            throw notLoaded();
        }
        Extraction extraction = model != null
                ? new RepresentationExtractor(model, adapted.orElse(model.transformer()))
                        .extract(tokens, position, tokenCosines, progress)
                : byLayers(tokens, position, tokenCosines, progress);
        requireUnchanged();
        return extraction;
    }

    /**
     * Makes sure, after a computation, that weights which stay in their files are those that were opened: else the numbers are of
     * no model. Weights in memory of their own do not change.
     *
     * @throws UserException if a file was changed or replaced
     */
    public void requireUnchanged() {
        if (isMapped()) {
            blueprint.checkpoint().requireUnchanged();
        }
    }

    private Extraction byLayers(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress) {
        long limit = (long) (WAITING_SHARE * memory.available());
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new LayeredExtractor(stream(), limit, temporary).extract(tokens, position, tokenCosines, progress);
    }

    /**
     * Rows as token ids of this model.
     *
     * @throws UserException if there is text but no tokenizer, images that the model does not see, or ids that do not fit
     */
    TokenizedDataset tokenize(Dataset data, DataSettings settings, Progress progress) {
        return tokenizer.tokenize(data, settings, progress);
    }

    /** The same with the tokens that a language model has to predict as labels: answers, or all. */
    TokenizedDataset tokenizeToLearn(Dataset data, DataSettings settings, Progress progress) {
        return tokenizer.tokenizeToLearn(data, settings, progress);
    }

    /**
     * Rows as prompts that this model is to go on with.
     *
     * @param newTokens the most tokens that a row gets
     * @throws UserException as {@link #tokenize}
     */
    public TokenizedDataset prompts(Dataset data, DataSettings settings, int newTokens, Progress progress) {
        return tokenizer.prompts(data, settings, newTokens, progress);
    }

    /** The tokenizer, which this closes; empty where the model has none. */
    public Optional<TextTokenizer> textTokenizer(Progress progress) {
        return tokenizer.textTokenizer(progress);
    }

    @Override
    public synchronized void close() {
        tokenizer.close();
        if (unloaded != null) {
            unloaded.close();
        }
        if (model != null) {
            model.close();
        } else {
            blueprint.checkpoint().close();
        }
    }
}
