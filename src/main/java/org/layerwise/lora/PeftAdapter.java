package org.layerwise.lora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.checkpoint.hub.Revisions;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Adapter in the format of HuggingFace PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}, on the
 * host in float32.
 *
 * @param origin source of the adapter, for messages
 * @param config rank, alpha, targets and layers
 * @param taskType PEFT's task type, for example {@code SEQ_CLS}; null if the file gives none
 * @param modulesToSave modules that are trained and saved in full
 * @param base base model named in the file; null if the file names none
 * @param tensors tensors by PEFT's names
 * @param host properties of the base model that PEFT's file states
 */
public record PeftAdapter(
        String origin,
        LoraConfig config,
        @Nullable String taskType,
        List<String> modulesToSave,
        @Nullable BaseModel base,
        Map<String, HostTensor> tensors,
        Host host) {

    /** Name of the file that describes an adapter. */
    public static final String CONFIG = ModelFolder.ADAPTER;

    /** Name of the file with the weights of an adapter. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String IN_A_RUN = "adapter";
    private static final String PICKLED = "adapter_model.bin";

    public PeftAdapter {
        modulesToSave = List.copyOf(modulesToSave);
        tensors = Map.copyOf(tensors);
    }

    /** Creates an adapter with {@link Host#DEFAULTS}. */
    PeftAdapter(
            String origin,
            LoraConfig config,
            @Nullable String taskType,
            List<String> modulesToSave,
            @Nullable BaseModel base,
            Map<String, HostTensor> tensors) {
        this(origin, config, taskType, modulesToSave, base, tensors, Host.DEFAULTS);
    }

    /**
     * Properties of the base model that PEFT's file states.
     *
     * @param turned true if its linear maps are stored {@code [in, out]} (GPT-2)
     * @param wrapped family of a model whose language model is a part of it, which PEFT identifies by its class alone;
     *     null for others
     */
    public record Host(boolean turned, @Nullable String wrapped) {

        static final Host DEFAULTS = new Host(false, null);

        static Host of(TransformerModel base) {
            return new Host(
                    base.description().names().turned(),
                    base.description().wrapped() ? base.config().family() : null);
        }
    }

    /** Float32 tensor on the host, row-major. */
    public record HostTensor(float[] values, long[] shape) {

        static HostTensor of(Tensor tensor) {
            return new HostTensor(tensor.floats(), tensor.shape());
        }

        private boolean finite() {
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Returns true if the adapter has biases that PEFT neither saves nor loads: those of {@code bias = lora_only}, if
     * modules with adapters have biases.
     */
    public boolean hasBiasesUnknownToPeft() {
        return config.bias() == Bias.LORA_ONLY && tensors.keySet().stream().anyMatch(PeftNames::isBiasOfAdapted);
    }

    /** Returns true if weights of experts have adapters, which PEFT 0.21 with transformers 5 is the first to load. */
    public boolean adaptsExperts() {
        return !config.details().targetParameters().isEmpty();
    }

    /**
     * Checks that all values are finite.
     *
     * @throws UserException if a tensor holds NaN or infinite values; the message names the first such tensor
     */
    public void requireFinite() {
        new TreeSet<>(tensors.keySet()).forEach(this::requireFinite);
    }

    /** Checks that the values of a tensor are finite, if there is such a tensor. */
    void requireFinite(String name) {
        find(name).filter(tensor -> !tensor.finite()).ifPresent(tensor -> {
            throw new UserException(
                    "The tensor %s of the adapter %s holds NaN or infinite numbers, so nothing can be computed with it; train it again or take another checkpoint of its run."
                            .formatted(name, origin));
        });
    }

    /** Reads the folder of an adapter, without a way to cancel. */
    public static PeftAdapter read(Path folder, TensorEngine engine) {
        return read(folder, engine, Progress.none());
    }

    /**
     * Reads the folder of an adapter.
     *
     * @param progress cancels the reading between two tensors; nothing is reported to it
     * @throws UserException if a file is missing or broken, or the adapter is of a kind that is not supported
     * @throws CancelledException if cancelled
     */
    public static PeftAdapter read(Path folder, TensorEngine engine, Progress progress) {
        PeftConfig config = PeftConfig.read(configFile(folder));
        requireSafetensors(folder);
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS));
                Scope scope = engine.inference()) {
            for (String name : file.names()) {
                progress.check();
                TensorEntry entry = file.entry(name);
                if (!entry.type().floating()) {
                    throw new UserException("%s holds %s as %s; adapters are floating-point numbers."
                            .formatted(file.path(), name, entry.type().fileName()));
                }
                float[] values = engine.filled(
                                entry.type(),
                                DType.F32,
                                Device.CPU,
                                (piece, offset) -> file.read(name, offset, piece),
                                entry.shape())
                        .floats();
                tensors.put(name, new HostTensor(values, entry.shape()));
            }
        }
        Collection<String> adapted = adaptedModules(tensors.keySet(), config.variant());
        tensors.keySet().stream().filter(PeftNames::ofTokens).findFirst().ifPresent(name -> {
            throw new UserException(
                    "The adapter %s has LoRA on the token vectors (%s), which Layerwise does not support; train it without."
                            .formatted(folder, name));
        });
        if (adapted.isEmpty() && config.targetParameters().isEmpty()) {
            throw new UserException("%s holds no %s weights (names that end in %s)."
                    .formatted(
                            folder.resolve(WEIGHTS), config.variant().method(), PeftNames.firstOf(config.variant())));
        }
        return new PeftAdapter(
                folder.toString(),
                config.lora(adapted),
                config.taskType(),
                config.modulesToSave(),
                config.base(),
                tensors,
                new Host(config.turned(), config.wrapped()));
    }

    private static void requireSafetensors(Path folder) {
        if (Files.exists(folder.resolve(PICKLED)) && !Files.exists(folder.resolve(WEIGHTS))) {
            throw new UserException(
                    "%s holds its weights as %s; save the adapter as safetensors.".formatted(folder, PICKLED));
        }
    }

    /**
     * Requires the file of the weights in the folder of an adapter.
     *
     * @throws UserException if it is missing, or in a format that is not read
     */
    public static void requireWeights(Path folder) {
        requireSafetensors(folder);
        if (!Files.isRegularFile(folder.resolve(WEIGHTS))) {
            throw new UserException("%s has no %s, only the settings of an adapter; name the folder of a trained one."
                    .formatted(folder, WEIGHTS));
        }
    }

    /**
     * Returns one sentence if the principal part of the weights, on which the adapter was trained, is not known from its
     * files: PEFT draws that of {@code pissa_niter_N} at random.
     */
    Optional<String> remarkOnStart() {
        return config.variant().initialisation().isDrawnAnew()
                ? Optional.of(
                        "The adapter %s is computed with the principal part (%s) that Layerwise draws; if PEFT trained it, convert it first with convert-adapter --initial."
                                .formatted(
                                        origin,
                                        config.variant().initialisation().id()))
                : Optional.empty();
    }

    /**
     * Returns one sentence if the adapter was made for another commit of its base model, whose weights may be others.
     *
     * @param opened commit of the opened model; null if unknown
     */
    Optional<String> remarkOn(@Nullable String opened) {
        if (base == null || base.revision() == null || opened == null) {
            return Optional.empty();
        }
        String own = base.revision();
        if (own.equals(opened) || !Revisions.isCommit(own)) {
            return Optional.empty();
        }
        return Optional.of(
                "The adapter %s was made for the commit %s of %s, but the open model is of the commit %s; name %3$s@%2$s for the one that it was made for."
                        .formatted(origin, own, base.name(), opened));
    }

    /**
     * Returns the file that describes the adapter in a folder.
     *
     * @throws UserException if the adapter is in a subfolder, as in the folder of a run
     */
    public static Path configFile(Path folder) {
        Path file = folder.resolve(CONFIG);
        Path inner = folder.resolve(IN_A_RUN);
        if (!Files.exists(file) && Files.exists(inner.resolve(CONFIG))) {
            throw new UserException("The adapter of %s is in %s; name that folder.".formatted(folder, inner));
        }
        return file;
    }

    /** Writes the two files atomically, the weights first, so that a folder with a configuration is complete. */
    public void write(Path folder) {
        WritablePaths.requireFolder(folder);
        List<SafetensorsWriter.Named> named = new ArrayList<>();
        new TreeMap<>(tensors)
                .forEach(
                        (name, tensor) -> named.add(SafetensorsWriter.Named.of(name, tensor.values(), tensor.shape())));
        SafetensorsWriter.write(folder.resolve(WEIGHTS), named, Map.of("format", "pt"));
        PeftConfig.of(this).write(folder.resolve(CONFIG));
    }

    /** Returns the names of the modules that have adapters, sorted. */
    public Collection<String> adaptedModules() {
        return adaptedModules(tensors.keySet(), config.variant());
    }

    /** Returns the modules that are saved in full, with those that PEFT adds to the list for classification. */
    public SortedSet<String> savedModules() {
        return new TreeSet<>(PeftConfig.savedModules(modulesToSave, taskType));
    }

    /** Returns the shapes of the tensors by name, without those that PEFT writes and never reads. */
    public SortedMap<String, long[]> shapes() {
        SortedMap<String, long[]> shapes = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (!PeftNames.isUnusedCopy(name)) {
                shapes.put(name, tensor.shape());
            }
        });
        return shapes;
    }

    /**
     * Returns this adapter with one name for each module.
     *
     * @param renamed names of modules in transformers 5 by those in transformers 4, which the result has
     */
    public PeftAdapter withEarlierNames(Map<String, String> renamed) {
        return new RenamedModules(renamed).earlier(this);
    }

    /** Returns a tensor by its name. */
    Optional<HostTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** Returns this adapter with another variant. */
    PeftAdapter withVariant(LoraVariant variant) {
        return new PeftAdapter(origin, config.withVariant(variant), taskType, modulesToSave, base, tensors, host);
    }

    /**
     * Returns a configuration with targets that select the same modules in PEFT.
     *
     * @param adapted full names of the modules that have adapters
     */
    static LoraConfig forPeft(TransformerModel base, LoraConfig config, Collection<String> adapted) {
        TargetModules targets = new TargetModules(config.targetModules());
        boolean everyLayer = config.details().everyLayer();
        if (base.description().wrapped() && targets.expression().isEmpty()) {
            return expression(config, languageModelOnly(base, config, targets));
        }
        if (targets.all()) {
            return config.withTargets(
                    everyLayer ? suffixes(base, adapted) : base.blueprint().linearModules());
        }
        // PEFT takes an expression or layers, not both
        return targets.expression().isPresent() && !everyLayer
                ? config.withTargets(adapted.stream().sorted().toList())
                : config;
    }

    private static LoraConfig expression(LoraConfig config, String expression) {
        return config.withTargets(List.of(expression))
                .withDetails(config.details().withEveryLayer());
    }

    /**
     * Returns an expression for modules of the language model alone, since a bare name would also match modules of the
     * vision tower.
     */
    private static String languageModelOnly(TransformerModel base, LoraConfig config, TargetModules targets) {
        List<String> names = targets.all() ? base.blueprint().linearModules() : config.targetModules();
        String layers = config.layers().stream().map(String::valueOf).collect(Collectors.joining("|"));
        boolean parts = names.stream().anyMatch(name -> name.contains("."));
        return ".*language_model\\.layers\\.(%s)\\.%s(%s)"
                .formatted(
                        layers,
                        parts ? "(?:.*\\.)?" : ".*\\.",
                        names.stream().map(name -> name.replace(".", "\\.")).collect(Collectors.joining("|")));
    }

    /** Returns the names of modules without the prefix of their layer. */
    private static List<String> suffixes(TransformerModel base, Collection<String> modules) {
        String prefix = base.description().names().layersPrefix();
        SortedSet<String> suffixes = new TreeSet<>();
        for (String module : modules) {
            suffixes.add(
                    module.startsWith(prefix) ? module.substring(module.indexOf('.', prefix.length()) + 1) : module);
        }
        return List.copyOf(suffixes);
    }

    private static Collection<String> adaptedModules(Collection<String> names, LoraVariant variant) {
        return names.stream()
                .flatMap(name -> PeftNames.module(name, PeftNames.firstOf(variant)).stream())
                .filter(module -> !PeftNames.ofExperts(module))
                .sorted()
                .toList();
    }
}
