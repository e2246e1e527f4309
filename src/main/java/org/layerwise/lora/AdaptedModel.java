package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.HeadNorm;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.LoadedHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/**
 * A model for a task with what is trained of it: LoRA on linear modules of some layers, and for sequence classification and
 * regression the classifier and every module of the head that the checkpoint lacks. The base model is shared and never
 * changed; closing frees only what is trained.
 */
public final class AdaptedModel implements TaskModel, AutoCloseable {

    private static final String CLASSIFICATION_TASK = "SEQ_CLS";
    private static final String LANGUAGE_MODEL_TASK = "CAUSAL_LM";

    private final TransformerModel base;
    private final TensorOwner owner;
    private final LoraConfig config;
    private final Map<String, LoraAdapter> adapters;
    private final OutputHead head;
    private final List<Parameter> parameters;
    private final List<String> modulesToSave;
    private final Set<String> fresh;

    private AdaptedModel(
            TransformerModel base,
            TensorOwner owner,
            LoraConfig config,
            Map<String, LoraAdapter> adapters,
            OutputHead head,
            List<Parameter> parameters,
            List<String> modulesToSave,
            Set<String> fresh) {
        this.base = base;
        this.owner = owner;
        this.config = config;
        this.adapters = adapters;
        this.head = head;
        this.parameters = List.copyOf(parameters);
        this.modulesToSave = List.copyOf(modulesToSave);
        this.fresh = Set.copyOf(fresh);
    }

    /**
     * A classifier, or a regression with one output, with new adapters: A drawn uniformly within {@code 1 / sqrt(in)} (Kaiming
     * with a = sqrt 5), B zero, so that the model starts as its base.
     *
     * @param labels number of outputs, 1 for regression
     * @param seed of the adapters and of fresh modules
     * @throws UserException if a target matches nothing, or the checkpoint's head has another number of outputs
     */
    public static AdaptedModel classifier(TransformerModel base, LoraConfig config, int labels, long seed) {
        Recipe recipe = new Recipe(config, List.of(), "The selection", OptionalInt.of(labels), false);
        return build(base, recipe, seed, slot -> slot.initial().get());
    }

    /**
     * A causal language model with new adapters, as {@link #classifier} makes them; its head stays as it is.
     *
     * @param seed of the adapters
     * @throws UserException if a target matches nothing, or the model is no decoder
     */
    public static AdaptedModel languageModel(TransformerModel base, LoraConfig config, long seed) {
        Recipe recipe = new Recipe(config, List.of(), "The selection", OptionalInt.empty(), false);
        return build(base, recipe, seed, slot -> slot.initial().get());
    }

    /**
     * The model that an adapter was trained on, with the adapter.
     *
     * @param dropout of the adapters, if they are trained further
     * @throws UserException if the adapter does not fit the model
     */
    public static AdaptedModel load(TransformerModel base, PeftAdapter adapter, double dropout) {
        StoredValues stored = new StoredValues(base, adapter);
        boolean predictsTokens = LANGUAGE_MODEL_TASK.equals(adapter.taskType());
        Recipe recipe = new Recipe(
                adapter.config().withDropout(dropout),
                adapter.modulesToSave(),
                adapter.origin(),
                predictsTokens ? OptionalInt.empty() : OptionalInt.of(stored.labels()),
                true);
        AdaptedModel model = build(base, recipe, 0, stored::of);
        try {
            stored.requireAllUsed();
            return model;
        } catch (UserException e) {
            model.close();
            throw e;
        }
    }

    /**
     * A tensor that is to be trained.
     *
     * @param name in PEFT's file
     * @param initial what it starts as if no adapter says otherwise
     * @param inCheckpoint whether the base model has it
     */
    record Slot(String name, long[] shape, Supplier<float[]> initial, boolean inCheckpoint) {}

    /**
     * What is to be trained.
     *
     * @param modulesToSave modules of the head that are trained beside the classifier and those that the checkpoint lacks
     * @param asker who asks for it, for messages
     * @param labels number of the classifier's outputs; empty for a language model
     * @param bringsClassifier whether a classifier comes with it, which takes the place of one of another size
     */
    private record Recipe(
            LoraConfig config, List<String> modulesToSave, String asker, OptionalInt labels, boolean bringsClassifier) {

        boolean saves(String module) {
            return modulesToSave.stream().anyMatch(saved -> ("." + module + ".").contains("." + saved + "."));
        }
    }

    private static AdaptedModel build(TransformerModel base, Recipe recipe, long seed, Function<Slot, float[]> values) {
        LoraConfig config = recipe.config();
        if (config.layers().last() >= base.config().layers()) {
            throw new UserException("%s asks for layer %d, but %s has layers 0 to %d; choose layers that it has."
                    .formatted(
                            recipe.asker(),
                            config.layers().last(),
                            base.checkpoint().folder(),
                            base.config().layers() - 1));
        }
        List<Linear> targets = base.targets(config.layers(), config.targetModules());
        TensorOwner owner = base.engine().owner();
        try (Scope scope = base.engine().inference()) {
            Trained trained = new Trained(base, owner, values);
            Map<String, LoraAdapter> adapters = new LinkedHashMap<>();
            for (Linear target : targets) {
                adapters.put(target.name(), trained.adapter(target, config, seed));
            }
            if (recipe.labels().isEmpty()) {
                return new AdaptedModel(
                        base,
                        owner,
                        config,
                        adapters,
                        base.languageModelHead(owner),
                        trained.parameters(),
                        List.of(),
                        Set.of());
            }
            int labels = recipe.labels().getAsInt();
            LoadedHead loaded = recipe.bringsClassifier()
                    ? base.headOfAnySize(owner, labels, seed)
                    : base.head(owner, labels, seed);
            SortedSet<String> saved = new TreeSet<>();
            ClassificationHead head = trainedHead(trained, loaded, recipe, saved);
            return new AdaptedModel(
                    base, owner, config, adapters, head, trained.parameters(), List.copyOf(saved), loaded.fresh());
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** The head with copies of the modules that are trained. */
    private static ClassificationHead trainedHead(
            Trained trained, LoadedHead loaded, Recipe recipe, SortedSet<String> saved) {
        Predicate<String> isTrained = module -> {
            boolean train = loaded.fresh().contains(module) || PeftNames.alwaysSaved(module) || recipe.saves(module);
            if (train) {
                saved.add(PeftNames.moduleToSave(module));
            }
            return train;
        };
        return loaded.head()
                .map(
                        linear -> isTrained.test(linear.name())
                                ? trained.copy(linear, !loaded.fresh().contains(linear.name()))
                                : linear,
                        norm -> isTrained.test(norm.name())
                                ? trained.copy(norm, !loaded.fresh().contains(norm.name()))
                                : norm);
    }

    /** Makes tensors that are trained and keeps the list of them. */
    private record Trained(
            TransformerModel base, TensorOwner owner, Function<Slot, float[]> values, List<Parameter> parameters) {

        Trained(TransformerModel base, TensorOwner owner, Function<Slot, float[]> values) {
            this(base, owner, values, new ArrayList<>());
        }

        LoraAdapter adapter(Linear target, LoraConfig config, long seed) {
            String nameOfA = PeftNames.loraA(target.name());
            Tensor a = tensor(
                    nameOfA,
                    () -> kaimingUniform(config.rank(), target.in(), seed ^ nameOfA.hashCode()),
                    false,
                    true,
                    config.rank(),
                    target.in());
            Tensor b = tensor(
                    PeftNames.loraB(target.name()),
                    () -> new float[target.out() * config.rank()],
                    false,
                    true,
                    target.out(),
                    config.rank());
            return new LoraAdapter(a, b, config.scale(), 0);
        }

        Linear copy(Linear linear, boolean inCheckpoint) {
            Tensor weight = tensor(
                    PeftNames.saved(linear.name(), "weight"),
                    linear.weight()::floats,
                    inCheckpoint,
                    true,
                    linear.out(),
                    linear.in());
            Tensor bias = linear.bias() == null
                    ? null
                    : tensor(
                            PeftNames.saved(linear.name(), "bias"),
                            linear.bias()::floats,
                            inCheckpoint,
                            false,
                            linear.out());
            return new Linear(linear.name(), weight, bias, null);
        }

        HeadNorm copy(HeadNorm norm, boolean inCheckpoint) {
            int width = (int) norm.weight().size(0);
            Tensor weight =
                    tensor(PeftNames.saved(norm.name(), "weight"), norm.weight()::floats, inCheckpoint, false, width);
            Tensor bias = norm.biased()
                    ? tensor(PeftNames.saved(norm.name(), "bias"), norm.bias()::floats, inCheckpoint, false, width)
                    : norm.bias();
            return new HeadNorm(norm.name(), weight, bias, norm.biased(), norm.epsilon());
        }

        private Tensor tensor(
                String name, Supplier<float[]> initial, boolean inCheckpoint, boolean decays, long... shape) {
            float[] start = values.apply(new Slot(name, shape, initial, inCheckpoint));
            Tensor tensor = owner.adopt(base.engine().of(start, shape).to(base.device()));
            parameters.add(new Parameter(name, tensor.requireGradient(), decays));
            return tensor;
        }

        // drawn on the host, so that a seed gives the same adapter on every device
        private static float[] kaimingUniform(int rank, int in, long seed) {
            Random random = new Random(seed);
            double bound = 1 / Math.sqrt(in);
            float[] values = new float[rank * in];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
            return values;
        }
    }

    @Override
    public TransformerModel base() {
        return base;
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
        parameters.forEach(parameter -> values.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        return values;
    }

    /**
     * Overwrites everything that is trained with what {@link #values} of the same kind of model gave.
     *
     * @throws UserException if one is missing or of another shape
     */
    public void assign(Map<String, PeftAdapter.HostTensor> values) {
        try (Scope scope = base.engine().inference()) {
            for (Parameter parameter : parameters) {
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
        return head instanceof ClassificationHead classifier
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
        return adapters.values().stream()
                .mapToLong(adapter -> adapter.a().elements() + adapter.b().elements())
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

    @Override
    public OutputHead head() {
        return head;
    }

    /** The base model's layers with the adapters, without dropout; it lives as long as this model. */
    @Override
    public Transformer transformer() {
        return base.transformer().with(adapters);
    }

    /** The same with the adapters' dropout and the given one of the model: what is trained. */
    public Transformer training(ModelConfig.Dropout dropout) {
        Map<String, LoraAdapter> dropping = new LinkedHashMap<>();
        adapters.forEach((name, adapter) -> dropping.put(name, adapter.withDropout(config.dropout())));
        return base.transformer().with(dropping).with(dropout);
    }

    /** The adapter as PEFT keeps it, copied to the host. */
    public PeftAdapter toPeft(String baseModel) {
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        parameters.forEach(parameter -> tensors.put(parameter.name(), PeftAdapter.HostTensor.of(parameter.value())));
        return new PeftAdapter(
                "memory",
                config,
                head instanceof LanguageModelHead ? LANGUAGE_MODEL_TASK : CLASSIFICATION_TASK,
                modulesToSave,
                baseModel,
                tensors);
    }

    @Override
    public void close() {
        owner.close();
    }
}
