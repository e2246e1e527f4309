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
 * A model for a task with what is trained of it: LoRA on linear modules of some layers, and for sequence classification and
 * regression the classifier and every module of the head that the checkpoint lacks. The base model is shared and never
 * changed; closing frees only what is trained.
 */
public final class AdaptedModel implements TaskModel, AutoCloseable {

    static final String CLASSIFICATION_TASK = "SEQ_CLS";
    static final String LANGUAGE_MODEL_TASK = "CAUSAL_LM";

    /**
     * What it is made of.
     *
     * @param adapters by the names of linear modules
     * @param replaced tensors of the transformer that are trained themselves, by name
     * @param head without its adapters
     */
    record Parts(Map<String, ModuleAdapter> adapters, Map<String, Tensor> replaced, OutputHead head) {}

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
            Set<String> fresh) {
        this(base, owner, config, parts, parameters, modulesToSave, fresh, Optional.empty());
    }

    private AdaptedModel(
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

    /** As {@link #classifier(TransformerModel, LoraConfig, int, long, Progress)}, for what takes no time. */
    public static AdaptedModel classifier(TransformerModel base, LoraConfig config, int labels, long seed) {
        return classifier(base, config, labels, seed, Progress.none());
    }

    /**
     * A classifier, or a regression with one output, with new adapters: A drawn uniformly within {@code 1 / sqrt(in)} (Kaiming
     * with a = sqrt 5), B zero, so that the model starts as its base; or the principal part of each weight (PiSSA), which is
     * taken out of it, so that it starts so, too.
     *
     * @param labels number of outputs, 1 for regression
     * @param seed of the adapters and of fresh modules
     * @param progress a part for each module; PiSSA takes its time
     * @throws UserException if a target matches nothing, or the checkpoint's head has another number of outputs
     */
    public static AdaptedModel classifier(
            TransformerModel base, LoraConfig config, int labels, long seed, Progress progress) {
        return fresh(base, config, OptionalInt.of(labels), seed, progress);
    }

    /** As {@link #languageModel(TransformerModel, LoraConfig, long, Progress)}, for what takes no time. */
    public static AdaptedModel languageModel(TransformerModel base, LoraConfig config, long seed) {
        return languageModel(base, config, seed, Progress.none());
    }

    /**
     * A causal language model with new adapters, as {@link #classifier} makes them.
     *
     * @param seed of the adapters
     * @param progress a part for each module; PiSSA takes its time
     * @throws UserException if a target matches nothing, or the model is no decoder
     */
    public static AdaptedModel languageModel(TransformerModel base, LoraConfig config, long seed, Progress progress) {
        return fresh(base, config, OptionalInt.empty(), seed, progress);
    }

    private static AdaptedModel fresh(
            TransformerModel base, LoraConfig config, OptionalInt labels, long seed, Progress progress) {
        Recipe recipe = new Recipe(config, config.modulesToSave(), "The selection", labels, false);
        return new ModelBuilder(base, recipe, seed, slot -> slot.initial().get(), new AdapterMaker.Start.Fresh())
                .build(progress);
    }

    /** As {@link #load(TransformerModel, PeftAdapter, double, Progress)}, for what takes no time. */
    public static AdaptedModel load(TransformerModel base, PeftAdapter adapter, double dropout) {
        return load(base, adapter, dropout, Progress.none());
    }

    /**
     * The model that an adapter was trained on, with the adapter. What PiSSA took out of the weights is found again in them.
     *
     * @param dropout of the adapters, if they are trained further
     * @param progress a part for each module; PiSSA takes its time
     * @throws UserException if the adapter does not fit the model
     */
    public static AdaptedModel load(TransformerModel base, PeftAdapter adapter, double dropout, Progress progress) {
        return load(base, adapter, null, dropout, progress);
    }

    /**
     * The start of a training by PiSSA whose principal part was made elsewhere: PEFT keeps it as a plain adapter. It is taken
     * out of the weights with the adapter's own A and B.
     *
     * @param start the initial adapter, which is where the training begins, too
     * @param pissa how it was made, as the files that are written say
     * @throws UserException if the adapter does not fit the model, or is no such part
     */
    public static AdaptedModel fromPrincipalPart(
            TransformerModel base, PeftAdapter start, Initialisation.Pissa pissa, double dropout) {
        LoraVariant own = start.config().variant();
        AdaptedModel model = load(
                base,
                start.withVariant(new LoraVariant(own.rankStabilised(), own.decomposed(), pissa)),
                start,
                dropout,
                Progress.none());
        try (Scope scope = base.engine().inference()) {
            model.parts.adapters().forEach((module, adapter) -> {
                if (!PrincipalPart.couldBe(adapter.lora().trained())) {
                    throw new UserException(
                            "The adapter %s was not made by PiSSA, as its %s shows (A A^T and B^T B would be the same); leave out --variant pissa."
                                    .formatted(start.origin(), module));
                }
            });
            return model;
        } catch (UserException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The same with the principal part that PiSSA took out of the weights, where an adapter holds it.
     *
     * @param principal the initial adapter; null to find the part in the weights
     */
    public static AdaptedModel load(
            TransformerModel base,
            PeftAdapter adapter,
            @Nullable PeftAdapter principal,
            double dropout,
            Progress progress) {
        StoredValues stored = new StoredValues(base, adapter);
        Recipe recipe = new Recipe(
                adapter.config().withDropout(dropout),
                adapter.modulesToSave(),
                adapter.origin(),
                stored.predictsTokens() ? OptionalInt.empty() : OptionalInt.of(stored.labels()),
                true);
        AdapterMaker.Start start =
                principal == null ? new AdapterMaker.Start.Stored() : new AdapterMaker.Start.Kept(principal);
        AdaptedModel model = new ModelBuilder(base, recipe, 0, stored::of, start).build(progress);
        try {
            stored.requireAllUsed();
            return model.with(stored.remark());
        } catch (UserException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public TransformerModel base() {
        return base;
    }

    /** Returns one sentence on the tensors that the stored adapter lacks, such as the classifier, for which the base model's are used. */
    public Optional<String> remark() {
        return remark;
    }

    /** The adapters' settings. */
    public LoraConfig config() {
        return config;
    }

    /** Everything that is trained. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** A copy of everything that is trained, by name, on the host in float32. */
    public Map<String, PeftAdapter.HostTensor> values() {
        Map<String, PeftAdapter.HostTensor> values = new LinkedHashMap<>();
        parameters().forEach(parameter -> values.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        return values;
    }

    /**
     * Overwrites everything that is trained with what {@link #values} of the same kind of model gave.
     *
     * @throws UserException if one is missing or of another shape
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

    /** The classes that it tells apart, 1 for regression; empty for a language model. */
    public OptionalInt labels() {
        return parts.head() instanceof ClassificationHead classifier
                ? OptionalInt.of(classifier.labels())
                : OptionalInt.empty();
    }

    /** The number of trained numbers, the head's included. */
    public long trainableParameters() {
        return parameters.stream()
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /** The number of trained numbers in the adapters alone. */
    public long adapterParameters() {
        return parameters.stream()
                .filter(parameter -> parameter.name().contains(".lora_"))
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /** The numbers of the base model, of the adapters, and of modules that the checkpoint lacks. */
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
     * The lowest layer whose backward pass is needed: 0 if something before the layers is trained, the number of layers if
     * only the head is.
     */
    public int lowestTrainedLayer() {
        int lowest = base.config().layers();
        String prefix = base.description().names().layersPrefix();
        for (String name : Stream.concat(parts.adapters().keySet().stream(), parts.replaced().keySet().stream())
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

    /** The head with its adapters, without dropout. */
    @Override
    public OutputHead head() {
        return head(parts.adapters());
    }

    /** The same with the adapters' dropout. */
    public OutputHead trainingHead() {
        return head(dropping());
    }

    private OutputHead head(Map<String, ModuleAdapter> adapters) {
        if (parts.head() instanceof ClassificationHead classifier) {
            return classifier.map(linear -> linear.with(adapters.get(linear.name())), norm -> norm);
        }
        LanguageModelHead predictor = (LanguageModelHead) parts.head();
        return new LanguageModelHead(
                predictor.output().with(adapters.get(predictor.output().name())), predictor.softCap());
    }

    /** The base model's layers with the adapters, without dropout; it lives as long as this model. */
    @Override
    public Transformer transformer() {
        return base.transformer(parts.replaced()).with(parts.adapters());
    }

    /** The same with the adapters' dropout and the given one of the model: what is trained. */
    public Transformer training(ModelConfig.Dropout dropout) {
        return base.transformer(parts.replaced()).with(dropping()).with(dropout);
    }

    private Map<String, ModuleAdapter> dropping() {
        Map<String, ModuleAdapter> dropping = new LinkedHashMap<>();
        parts.adapters().forEach((name, adapter) -> dropping.put(name, adapter.withDropout(config.dropout())));
        return dropping;
    }

    /** What it is made of, for merging. */
    Parts parts() {
        return parts;
    }

    /**
     * The adapter as PEFT keeps it, copied to the host.
     *
     * @param named the base model as others find it
     */
    public PeftAdapter toPeft(BaseModel named) {
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        parameters.forEach(parameter -> tensors.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        return peft(config, named, tensors);
    }

    /**
     * The principal part that PiSSA took out of the weights, as the plain adapter that PEFT's conversion asks for; empty for
     * other variants. Modules that are trained in full are in it as they are now.
     */
    public Optional<PeftAdapter> initial(BaseModel named) {
        if (!(config.variant().initialisation() instanceof Initialisation.Pissa)) {
            return Optional.empty();
        }
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        parameters.stream()
                .filter(parameter -> !PeftNames.isProduct(parameter.name()))
                .forEach(parameter -> tensors.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        parts.adapters().forEach((module, adapter) -> {
            Product start = Objects.requireNonNull(adapter.lora().start());
            tensors.put(PeftNames.loraA(module), PeftAdapter.HostTensor.of(start.a()));
            tensors.put(PeftNames.loraB(module), PeftAdapter.HostTensor.of(start.b()));
        });
        return Optional.of(peft(config.withVariant(config.variant().plainStart()), named, tensors));
    }

    private PeftAdapter peft(LoraConfig described, BaseModel named, Map<String, PeftAdapter.HostTensor> tensors) {
        return new PeftAdapter(
                "memory",
                PeftTargets.of(base, described, parts.adapters().keySet()),
                taskType(),
                modulesToSave,
                named,
                tensors,
                PeftAdapter.Host.of(base));
    }

    // PEFT has no class of its own for models that see images
    private @Nullable String taskType() {
        return parts.head() instanceof ClassificationHead
                ? CLASSIFICATION_TASK
                : base.description().vision() == null ? LANGUAGE_MODEL_TASK : null;
    }

    @Override
    public void close() {
        owner.close();
    }
}
