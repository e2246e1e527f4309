package org.layerwise.lora;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/**
 * Model for a task with its trained parts: LoRA on linear modules of some layers and, for sequence classification and
 * regression, the classifier and every module of the head that the checkpoint lacks. The base model is shared and never
 * changed; closing this model frees only the trained parts.
 */
public final class AdaptedModel implements TaskModel, AutoCloseable {

    /**
     * Parts of an adapted model.
     *
     * @param adapters adapters by the names of linear modules
     * @param experts adapters of experts, by the names of their weights
     * @param replaced tensors of the transformer that are trained in full, by name
     * @param head head without its adapters
     */
    record Parts(
            Map<String, ModuleAdapter> adapters,
            Map<String, ExpertLora> experts,
            Map<String, Tensor> replaced,
            OutputHead head) {}

    private final TransformerModel base;
    private final TensorOwner owner;
    private final LoraConfig config;
    private final Parts parts;
    private final List<Parameter> parameters;
    private final List<String> modulesToSave;
    private final Set<String> fresh;
    private final Optional<String> remark;

    AdaptedModel(
            TransformerModel base,
            TensorOwner owner,
            LoraConfig config,
            Parts parts,
            List<Parameter> parameters,
            List<String> modulesToSave,
            Set<String> fresh,
            Optional<String> remark) {
        this.base = base;
        this.owner = owner;
        this.config = config;
        this.parts = parts;
        this.parameters = List.copyOf(parameters);
        this.modulesToSave = List.copyOf(modulesToSave);
        this.fresh = Set.copyOf(fresh);
        this.remark = remark;
    }

    private AdaptedModel with(Optional<String> said) {
        return new AdaptedModel(base, owner, config, parts, parameters, modulesToSave, fresh, said);
    }

    /**
     * Creates a classifier as {@link #classifier(TransformerModel, LoraConfig, int, long, Progress)} does, without
     * progress, for variants that need little time.
     */
    public static AdaptedModel classifier(TransformerModel base, LoraConfig config, int labels, long seed) {
        return classifier(base, config, labels, seed, Progress.none());
    }

    /**
     * Creates a classifier, or a regression with one output, with new adapters. A is drawn uniformly within
     * {@code 1 / sqrt(in)} (Kaiming with a = sqrt 5) and B is zero, so that the model starts as its base; with PiSSA and
     * OLoRA, A and B are a part of each weight, which is taken out of the weight, so that the model also starts as its
     * base. EVA and LoRA-GA start from training rows afterwards ({@link EvaInitialisation}, {@link LoraGaInitialisation}).
     *
     * @param labels number of outputs, 1 for regression
     * @param seed seed of the adapters and of newly initialised modules
     * @param progress reports after each module; PiSSA and OLoRA can take long
     * @throws UserException if a target matches nothing, or the checkpoint's head has another number of outputs
     */
    public static AdaptedModel classifier(
            TransformerModel base, LoraConfig config, int labels, long seed, Progress progress) {
        return fresh(base, config, OptionalInt.of(labels), seed, progress);
    }

    /**
     * Creates a language model as {@link #languageModel(TransformerModel, LoraConfig, long, Progress)} does, without
     * progress, for variants that need little time.
     */
    public static AdaptedModel languageModel(TransformerModel base, LoraConfig config, long seed) {
        return languageModel(base, config, seed, Progress.none());
    }

    /**
     * Creates a causal language model with new adapters, which are initialised as in {@link #classifier}.
     *
     * @param seed seed of the adapters
     * @param progress reports after each module; PiSSA and OLoRA can take long
     * @throws UserException if a target matches nothing, or the model is no decoder
     */
    public static AdaptedModel languageModel(TransformerModel base, LoraConfig config, long seed, Progress progress) {
        return fresh(base, config, OptionalInt.empty(), seed, progress);
    }

    private static AdaptedModel fresh(
            TransformerModel base, LoraConfig config, OptionalInt labels, long seed, Progress progress) {
        ModelBuilder.TrainableSpec recipe =
                new ModelBuilder.TrainableSpec(config, config.modulesToSave(), "The selection", labels, false);
        return new ModelBuilder(base, recipe, seed, slot -> slot.initial().get(), new AdapterMaker.Start.Fresh())
                .build(progress);
    }

    /**
     * Loads an adapter as {@link #load(TransformerModel, PeftAdapter, double, Progress)} does, without progress, for
     * variants that need little time.
     */
    public static AdaptedModel load(TransformerModel base, PeftAdapter adapter, double dropout) {
        return load(base, adapter, dropout, Progress.none());
    }

    /**
     * Loads the model of an adapter together with the adapter. The part that PiSSA or OLoRA took out of the
     * weights is computed again from the weights.
     *
     * @param dropout dropout of the adapters if they are trained further
     * @param progress reports after each module; PiSSA and OLoRA can take long
     * @throws UserException if the adapter does not fit the model
     */
    public static AdaptedModel load(TransformerModel base, PeftAdapter adapter, double dropout, Progress progress) {
        return load(base, adapter, null, dropout, progress);
    }

    /**
     * Creates the start of a training by PiSSA, OLoRA or LoRA-GA that another program computed: PEFT saves
     * it as a plain adapter. It is taken out of the weights with the adapter's own A and B.
     *
     * @param start initial adapter, which is also the start of the training
     * @param initialisation initialisation that made the adapter, to be written into the files of the training
     * @throws UserException if the adapter does not fit the model, or is no such part
     */
    public static AdaptedModel fromTakenOut(
            TransformerModel base, PeftAdapter start, Initialisation.TakenOut initialisation, double dropout) {
        LoraVariant own = start.config().variant();
        AdaptedModel model = load(
                base,
                start.withVariant(new LoraVariant(own.rankStabilised(), own.decomposed(), initialisation)),
                start,
                dropout,
                Progress.none());
        try (Scope scope = base.engine().inference()) {
            model.parts.adapters().forEach((module, adapter) -> {
                if (!initialisation.couldBe(
                        base.engine(), adapter.product().orElseThrow().trained())) {
                    throw new UserException(
                            "The adapter %s was not made by %s, as its %s shows (%s); leave out --variant %s."
                                    .formatted(
                                            start.origin(),
                                            initialisation.title(),
                                            module,
                                            initialisation.property(base.engine()),
                                            initialisation.id()));
                }
            });
            return model;
        } catch (UserException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Loads the model of an adapter together with the adapter, with the part that PiSSA or OLoRA took out of
     * the weights from an initial adapter if there is one.
     *
     * @param principal initial adapter; null to compute the part from the weights
     * @throws UserException if the adapter does not fit the model
     */
    public static AdaptedModel load(
            TransformerModel base,
            PeftAdapter adapter,
            @Nullable PeftAdapter principal,
            double dropout,
            Progress progress) {
        StoredAdapterTensors stored = new StoredAdapterTensors(base, adapter);
        ModelBuilder.TrainableSpec recipe = new ModelBuilder.TrainableSpec(
                adapter.config().withDropout(dropout),
                adapter.modulesToSave(),
                adapter.origin(),
                stored.predictsTokens() ? OptionalInt.empty() : OptionalInt.of(stored.labels()),
                true);
        AdapterMaker.Start start = principal == null
                ? new AdapterMaker.Start.Stored(adapter.origin())
                : new AdapterMaker.Start.Kept(principal);
        AdaptedModel model = new ModelBuilder(base, recipe, 0, stored::of, start).build(progress);
        try {
            stored.requireAllUsed(model.parts.head());
            return model.with(Stream.of(
                            adapter.remarkOn(base.checkpoint().revision().orElse(null)),
                            stored.remark(),
                            principal == null ? adapter.remarkOnStart() : Optional.<String>empty())
                    .flatMap(Optional::stream)
                    .reduce((first, second) -> first + " " + second));
        } catch (UserException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public TransformerModel base() {
        return base;
    }

    /**
     * Returns what is worth knowing of the stored adapter: that it was made for another commit of the base model, and
     * the tensors that it lacks, such as the classifier, for which the base model's tensors are used.
     */
    public Optional<String> remark() {
        return remark;
    }

    /** Returns the settings of the adapters. */
    public LoraConfig config() {
        return config;
    }

    /** Returns all trained parameters. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Returns a copy of all trained parameters, by name, on the host in float32. */
    public Map<String, PeftAdapter.HostTensor> values() {
        Map<String, PeftAdapter.HostTensor> values = new LinkedHashMap<>();
        parameters().forEach(parameter -> values.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        return values;
    }

    /**
     * Overwrites all trained parameters with the result of {@link #values} of a model with the same settings.
     *
     * @throws UserException if a parameter is missing or has another shape
     */
    public void assign(Map<String, PeftAdapter.HostTensor> values) {
        try (Scope scope = base.engine().inference()) {
            for (Parameter parameter : parameters()) {
                PeftAdapter.HostTensor value = values.get(parameter.name());
                if (value == null
                        || !Arrays.equals(value.shape(), parameter.value().shape())) {
                    throw new UserException(
                            "The checkpoint has no %s of the shape %s; it was made with other settings, so start the training anew."
                                    .formatted(
                                            parameter.name(),
                                            Arrays.toString(parameter.value().shape())));
                }
                parameter
                        .value()
                        .assign(base.engine().of(value.values(), value.shape()).to(base.device()));
            }
        }
    }

    /** Returns the number of classes, 1 for regression; empty for a language model. */
    public OptionalInt labels() {
        return parts.head() instanceof ClassificationHead classifier
                ? OptionalInt.of(classifier.labels())
                : OptionalInt.empty();
    }

    /** Returns the linear modules that have adapters. */
    public Set<String> adaptedModules() {
        return parts.adapters().keySet();
    }

    /** Returns the number of trainable parameters, including those of the head. */
    public long trainableParameters() {
        return parameters.stream()
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /** Returns the number of trainable parameters in the adapters alone. */
    public long adapterParameters() {
        return parameters.stream()
                .filter(parameter -> PeftNames.ofAdapter(parameter.name()))
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /**
     * Returns the number of parameters of the base model, of the adapters, and of modules that the checkpoint lacks.
     */
    public long totalParameters() {
        Set<String> added = fresh.stream()
                .flatMap(module -> Stream.of("weight", "bias").map(part -> PeftNames.saved(module, part)))
                .collect(Collectors.toSet());
        return base.parameters()
                + adapterParameters()
                + parameters.stream()
                        .filter(parameter -> added.contains(parameter.name()))
                        .mapToLong(parameter -> parameter.value().elements())
                        .sum();
    }

    /**
     * Returns the lowest layer whose backward pass is needed: 0 if a module before the layers is trained, the number of
     * layers if only the head is trained.
     */
    public int lowestTrainedLayer() {
        int lowest = base.config().layers();
        String prefix = base.description().names().layersPrefix();
        for (String name : Stream.of(parts.adapters(), parts.experts(), parts.replaced())
                .flatMap(part -> part.keySet().stream())
                .toList()) {
            if (name.startsWith(prefix)) {
                lowest = Math.min(
                        lowest, Integer.parseInt(name.substring(prefix.length()).split("\\.")[0]));
            } else if (base.tensors().containsKey(name) || !ofHead(name)) {
                return 0;
            }
        }
        return lowest;
    }

    private boolean ofHead(String module) {
        return parts.head() instanceof ClassificationHead classifier
                ? classifier.linears().stream().anyMatch(linear -> linear.name().equals(module))
                : parts.head() instanceof LanguageModelHead predictor
                        && predictor.output().name().equals(module);
    }

    /** Returns the head with its adapters, without dropout. */
    @Override
    public OutputHead head() {
        return head(parts.adapters());
    }

    /** Returns the head with its adapters and their dropout. */
    public OutputHead trainingHead() {
        return head(dropping());
    }

    private OutputHead head(Map<String, ModuleAdapter> adapters) {
        if (parts.head() instanceof ClassificationHead classifier) {
            return classifier.map(linear -> linear.with(adapters.get(linear.name())), norm -> norm);
        }
        LanguageModelHead predictor = (LanguageModelHead) parts.head();
        return predictor.withOutput(
                predictor.output().with(adapters.get(predictor.output().name())));
    }

    /**
     * Returns the base model's layers with the adapters, without dropout; the transformer lives as long as this model.
     */
    @Override
    public Transformer transformer() {
        return base.transformer(parts.replaced()).with(parts.adapters()).withExperts(parts.experts());
    }

    /**
     * Returns the transformer for training: the layers with the adapters, the adapters' dropout and the given dropout
     * of the model.
     */
    public Transformer training(ModelConfig.Dropout dropout) {
        return base.transformer(parts.replaced())
                .with(dropping())
                .withExperts(parts.experts())
                .with(dropout);
    }

    private Map<String, ModuleAdapter> dropping() {
        Map<String, ModuleAdapter> dropping = new LinkedHashMap<>();
        parts.adapters().forEach((name, adapter) -> dropping.put(name, adapter.withDropout(config.dropout())));
        return dropping;
    }

    /** Returns the modules that are trained in full, by the names of PEFT's settings. */
    List<String> modulesToSave() {
        return modulesToSave;
    }

    /** Returns the modules of the head that the checkpoint lacks. */
    Set<String> fresh() {
        return fresh;
    }

    /** Returns the parts of this model, for merging and pruning. */
    Parts parts() {
        return parts;
    }

    /**
     * Returns the adapter in PEFT's format, copied to the host. One that started by LoRA-GA becomes plain LoRA of twice the
     * rank, since its start, which was taken out of the weights, cannot be computed from them when the adapter is loaded.
     *
     * @param named base model by the name under which other programs find it
     */
    public PeftAdapter toPeft(BaseModel named) {
        PeftAdapter own = peft(config, named, values());
        return config.variant().initialisation() instanceof Initialisation.LoraGa
                ? PlainLoraConversion.difference(own, initial(named).orElseThrow())
                : own;
    }

    /**
     * Returns what PiSSA, OLoRA or LoRA-GA took out of the weights, as the plain adapter that PEFT's conversion
     * requires; empty for other variants. The adapter contains modules that are trained in full with their present
     * values.
     */
    public Optional<PeftAdapter> initial(BaseModel named) {
        if (!(config.variant().initialisation() instanceof Initialisation.TakenOut)) {
            return Optional.empty();
        }
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        parameters.stream()
                .filter(parameter -> !PeftNames.isProduct(parameter.name()))
                .forEach(parameter -> tensors.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        parts.adapters().forEach((module, adapter) -> {
            LowRankUpdate start =
                    Objects.requireNonNull(adapter.product().orElseThrow().start());
            tensors.put(PeftNames.loraA(module), PeftAdapter.HostTensor.of(start.a()));
            tensors.put(PeftNames.loraB(module), PeftAdapter.HostTensor.of(start.b()));
        });
        return Optional.of(peft(config.withVariant(config.variant().plainStart()), named, tensors));
    }

    private PeftAdapter peft(LoraConfig described, BaseModel named, Map<String, PeftAdapter.HostTensor> tensors) {
        RenamedModules renamed = new RenamedModules(base.description().names().renamed());
        return new PeftAdapter(
                "memory",
                renamed.both(
                        PeftAdapter.forPeft(base, described, parts.adapters().keySet())),
                taskType(),
                renamed.both(modulesToSave),
                named,
                renamed.both(tensors),
                PeftAdapter.Host.of(base));
    }

    // PEFT has no task type for models with a vision tower
    private @Nullable String taskType() {
        return parts.head() instanceof ClassificationHead
                ? PeftConfig.CLASSIFICATION_TASK
                : base.description().wrapped() ? null : PeftConfig.LANGUAGE_MODEL_TASK;
    }

    @Override
    public void close() {
        owner.close();
    }
}
