package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.family.DescriptionReader;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/**
 * Plan of a model, found from a checkpoint's configuration and the headers of its files alone: the tensors that are
 * used, that are missing, and that no part of the model needs. Nothing is loaded.
 */
public final class ModelBlueprint {

    // buffers without information that older versions of HuggingFace's models saved
    private static final Pattern BUFFERS = Pattern.compile(
            "(.*\\.)?(position_ids|token_type_ids|rotary_emb\\.inv_freq|attn\\.bias|attention\\.bias|attention\\.masked_bias|attn\\.masked_bias|masked_bias)");

    private static final int SHOWN = 3;

    private final StoredTensors stored;
    private final Checkpoint checkpoint;
    private final ModelDescription description;
    private final List<ModelTensor> tensors;
    private final List<LinearModule> linears;
    private final List<String> missing;
    private final List<String> unused;

    private ModelBlueprint(
            StoredTensors stored,
            ModelDescription description,
            List<ModelTensor> tensors,
            List<LinearModule> linears,
            List<String> missing,
            List<String> unused) {
        this.stored = stored;
        this.checkpoint = stored.checkpoint();
        this.description = description;
        this.tensors = List.copyOf(tensors);
        this.linears = List.copyOf(linears);
        this.missing = List.copyOf(missing);
        this.unused = List.copyOf(unused);
    }

    /**
     * Reads a checkpoint's configuration and compares it with the checkpoint's files.
     *
     * @throws UserException if the family or a value of config.json is not supported, or the shape of a tensor
     *     contradicts config.json
     */
    public static ModelBlueprint read(TensorEngine engine, Checkpoint checkpoint) {
        ModelDescription description = DescriptionReader.read(checkpoint);
        StoredTensors stored = StoredTensors.of(checkpoint, description.names());
        List<ModelTensor> tensors = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Set<String> unused = new TreeSet<>(checkpoint.names());
        Blank blank = Blank.of(engine, description, stored);
        for (WeightList.Wanted wanted : blank.wanted()) {
            String inFile = stored.findOrLikely(wanted.name());
            unused.removeAll(stored.parts(inFile));
            if (stored.find(wanted.name()).isEmpty()) {
                missing.add(wanted.name());
                continue;
            }
            StoredTensors.Stored found = stored.require(
                    inFile, wanted.shape().stream().mapToLong(Long::longValue).toArray());
            tensors.add(new ModelTensor(
                    wanted.name(),
                    inFile,
                    layer(description.names(), wanted.name()),
                    wanted.shape(),
                    found.type(),
                    wanted.type() == DType.F32,
                    found.quantized()));
        }
        heads(description, stored).forEach(tensor -> {
            unused.removeAll(stored.parts(tensor.stored()));
            tensors.add(tensor);
        });
        tied(description, stored).forEach(unused::remove);
        unused.removeIf(name -> BUFFERS.matcher(name).matches());
        return new ModelBlueprint(stored, description, tensors, blank.linears(), missing, List.copyOf(unused));
    }

    /**
     * Reads the checkpoint's files, or its configuration alone if it has no weights. The type of missing weights is
     * then {@code dtype} of the configuration, or {@code torch_dtype} of earlier files.
     *
     * @throws UserException under the conditions of {@link #read}
     */
    public static ModelBlueprint of(TensorEngine engine, Checkpoint checkpoint) {
        if (checkpoint.hasWeights()) {
            return read(engine, checkpoint);
        }
        JsonNode config = checkpoint.config();
        String type = config.path("dtype").asText(config.path("torch_dtype").asText("float32"));
        return ofConfig(
                engine,
                checkpoint,
                switch (type) {
                    case "bfloat16" -> DType.BF16;
                    case "float16" -> DType.F16;
                    default -> DType.F32;
                });
    }

    /**
     * Returns the blueprint of a configuration without weights, as if every tensor were stored in one type.
     *
     * @param checkpoint checkpoint made by {@link Checkpoint#ofConfig}
     * @param stored assumed type of the stored tensors
     * @throws UserException if the family or a value of the configuration is not supported
     */
    public static ModelBlueprint ofConfig(TensorEngine engine, Checkpoint checkpoint, DType stored) {
        ModelDescription description = DescriptionReader.read(checkpoint.source(), checkpoint.config());
        StoredTensors files = new StoredTensors(checkpoint, description.names(), Map.of());
        Blank blank = Blank.of(engine, description, files);
        ModuleNames names = description.names();
        List<ModelTensor> tensors = new ArrayList<>();
        for (WeightList.Wanted wanted : blank.wanted()) {
            tensors.add(new ModelTensor(
                    wanted.name(),
                    wanted.name(),
                    layer(names, wanted.name()),
                    wanted.shape(),
                    stored,
                    wanted.type() == DType.F32,
                    null));
        }
        if (names.has(Module.LANGUAGE_MODEL) && !description.tiedLanguageModel()) {
            ModelConfig config = description.config();
            String name = names.head(Module.LANGUAGE_MODEL) + ".weight";
            List<Long> shape = List.of((long) config.vocabularySize(), (long) config.hiddenSize());
            tensors.add(new ModelTensor(name, name, OptionalInt.empty(), shape, stored, false, null));
        }
        return new ModelBlueprint(files, description, tensors, blank.linears(), List.of(), List.of());
    }

    /** Model built without weights: the tensors that it needs, and its linear maps. */
    private record Blank(List<WeightList.Wanted> wanted, List<LinearModule> linears) {

        static Blank of(TensorEngine engine, ModelDescription description, StoredTensors stored) {
            WeightList list = new WeightList(engine, stored);
            // the type is not known yet; with any 16-bit type the list shows which tensors always compute in float32
            DType type = DType.BF16;
            List<LinearModule> linears = new ArrayList<>();
            try (Scope scope = engine.inference()) {
                Transformer transformer = new ModelAssembly(
                                engine, description.config(), description.names(), list, type)
                        .build(Progress.none());
                for (int layer = 0; layer < description.config().layers(); layer++) {
                    for (Linear linear : transformer.linears(layer)) {
                        linears.add(new LinearModule(linear.name(), layer, linear.in(), linear.out()));
                    }
                }
                if (description.vision() != null) {
                    VisionTower.build(
                            engine, description.vision(), description.config().hiddenSize(), list, type);
                }
            }
            return new Blank(list.wanted(), linears);
        }
    }

    /** Returns the tensors of heads in the files; the hidden states need none of them. */
    private static List<ModelTensor> heads(ModelDescription description, StoredTensors stored) {
        ModuleNames names = description.names();
        List<ModelTensor> found = new ArrayList<>();
        for (Module module : List.of(Module.HEAD_DENSE, Module.HEAD_NORM, Module.CLASSIFIER, Module.LANGUAGE_MODEL)) {
            if (!names.has(module) || (module == Module.LANGUAGE_MODEL && description.tiedLanguageModel())) {
                continue;
            }
            for (String part : List.of(".weight", ".bias")) {
                String name = names.head(module) + part;
                stored.find(name).ifPresent(inFile -> {
                    StoredTensors.Stored head = stored.get(inFile);
                    found.add(new ModelTensor(
                            name,
                            inFile,
                            OptionalInt.empty(),
                            Arrays.stream(head.shape()).boxed().toList(),
                            head.type(),
                            module != Module.LANGUAGE_MODEL,
                            head.quantized()));
                });
            }
        }
        return found;
    }

    /** Returns the name of a language-model head that is stored although it is tied to the token embeddings. */
    private static List<String> tied(ModelDescription description, StoredTensors stored) {
        return description.tiedLanguageModel()
                ? stored.find(description.names().head(Module.LANGUAGE_MODEL) + ".weight").stream()
                        .toList()
                : List.of();
    }

    private static OptionalInt layer(ModuleNames names, String tensor) {
        String prefix = names.layersPrefix();
        if (!tensor.startsWith(prefix)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                Integer.parseInt(tensor.substring(prefix.length(), tensor.indexOf('.', prefix.length()))));
    }

    /** Returns the tensors of the checkpoint. */
    StoredTensors stored() {
        return stored;
    }

    /** Returns the checkpoint. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Returns the description of the model in the configuration. */
    public ModelDescription description() {
        return description;
    }

    /** Returns the configuration of the model. */
    public ModelConfig config() {
        return description.config();
    }

    /**
     * Returns the tensors that are used and present: those of the transformer in the order of the computation, then
     * those of heads.
     */
    public List<ModelTensor> tensors() {
        return tensors;
    }

    /** Returns the linear maps of all layers, in the order of the computation. */
    public List<LinearModule> linears() {
        return linears;
    }

    /**
     * Returns the linear maps of these layers that match the target names, as in {@link TargetModules}.
     *
     * @throws UserException if a target matches nothing in the model
     */
    public List<LinearModule> targets(Set<Integer> layers, List<String> targetModules) {
        TargetModules targets = new TargetModules(targetModules);
        requireMatches(targets, linears.stream().map(LinearModule::name).toList());
        return linears.stream()
                .filter(linear -> layers.contains(linear.layer()))
                .filter(linear -> targets.match(linear.name()))
                .toList();
    }

    /**
     * Requires that each target matches a module.
     *
     * @throws UserException if one of the names, or the expression, matches none of the model's modules
     */
    public void requireMatches(TargetModules targets, Collection<String> modules) {
        List<String> parts = targets.names();
        for (String part : parts) {
            TargetModules single = parts.size() == 1 ? targets : new TargetModules(List.of(part));
            if (modules.stream().noneMatch(single::match)) {
                throw new UserException(
                        targets.expression().isPresent()
                                ? "No linear module of %s matches \"%s\"; there are %s."
                                        .formatted(checkpoint.folder(), part, String.join(", ", linearModules()))
                                : "No linear module of %s is called \"%s\"; there are %s."
                                        .formatted(checkpoint.folder(), part, String.join(", ", linearModules())));
            }
        }
    }

    /** Returns true if a tensor belongs to the router or an expert of a mixture. */
    public boolean ofExpert(String tensor) {
        ModuleNames names = description.names();
        return names.has(Module.EXPERTS)
                && layer(names, tensor).stream()
                        .mapToObj(layer -> Stream.of(Module.ROUTER, Module.EXPERTS)
                                .map(module -> names.inLayer(layer, module) + "."))
                        .flatMap(Function.identity())
                        .anyMatch(tensor::startsWith);
    }

    /** Returns the names of the linear modules of layers, without the prefix of the layer; each once. */
    public List<String> linearModules() {
        ModuleNames names = description.names();
        return linears.stream()
                .map(linear -> names.withoutLayer(linear.layer(), linear.name()))
                .distinct()
                .toList();
    }

    /** Returns the names of tensors that the transformer needs and the files lack. */
    public List<String> missing() {
        return missing;
    }

    /** Returns the names of tensors in the files that no part of the model needs, such as the head of another task. */
    public List<String> unused() {
        return unused;
    }

    /** Returns the number of parameters of the stored model, heads included. */
    public long parameters() {
        return tensors.stream().mapToLong(ModelTensor::parameters).sum();
    }

    /** Returns the memory in bytes that the weights take while the model computes in a type, {@link #decodingBytes} included. */
    public long bytes(DType compute) {
        return tensors.stream().mapToLong(tensor -> tensor.bytes(compute)).sum() + decodingBytes(compute);
    }

    /**
     * Returns the memory in bytes that decoded weights take: those of one layer, which a backward pass holds at once, and what the
     * decoding of its largest matrix needs. 0 if no weights are quantised.
     */
    public long decodingBytes(DType compute) {
        return madeBytes(compute, tensor -> tensor.quantized() != null);
    }

    /**
     * Returns the memory in bytes that weights take which stay in their files and are made for each computation, as
     * {@link #decodingBytes} does: all that are quantised, stored in another type, or needed on a GPU.
     */
    public long madeBytes(DType compute, Device device) {
        boolean onProcessor = device.kind() == Device.Kind.CPU;
        return madeBytes(
                compute,
                tensor -> tensor.shape().size() > 1
                        && (tensor.quantized() != null || !onProcessor || tensor.type() != compute));
    }

    /** Returns the memory in bytes that tensors take which are made for each computation, as {@link #decodingBytes} does. */
    long madeBytes(DType compute, Predicate<ModelTensor> made) {
        long[] byLayer = new long[config().layers()];
        long decoding = 0;
        for (ModelTensor tensor : tensors) {
            if (made.test(tensor)) {
                decoding = Math.max(
                        decoding,
                        tensor.quantized() == null ? 0 : tensor.quantized().decodingBytes());
                tensor.layer().ifPresent(layer -> byLayer[layer] += tensor.parameters() * compute.bytes());
            }
        }
        return Arrays.stream(byLayer).max().orElse(0) + decoding;
    }

    /**
     * Returns the memory in bytes that the weights take which do not stay in their files although the matrices do: vectors, and
     * tables that are needed on a GPU.
     */
    public long besideFilesBytes(DType compute, Device device) {
        boolean onProcessor = device.kind() == Device.Kind.CPU;
        return tensors.stream()
                .filter(tensor -> tensor.shape().size() < 2
                        || !onProcessor && tensor.layer().isEmpty())
                .mapToLong(tensor -> tensor.bytes(compute))
                .sum();
    }

    /** Returns true if the checkpoint holds quantised weights. */
    public boolean isQuantized() {
        return QuantizationFormats.isQuantized(checkpoint);
    }

    /** Returns true if most parameters are stored in 16 bits or fewer. */
    public boolean mostlyIn16Bits() {
        long small = tensors.stream()
                .filter(tensor -> tensor.savedAs().bytes() == 2)
                .mapToLong(ModelTensor::parameters)
                .sum();
        return 2 * small > parameters();
    }

    /**
     * Returns the memory in bytes that the largest part takes if the model is loaded one part at a time. A part is a
     * layer, or all tensors that belong to no layer.
     */
    public long largestPartBytes(DType compute) {
        return largestPartBytes(tensor -> tensor.bytes(compute), decodingBytes(compute));
    }

    /**
     * Returns the memory in bytes that the largest part takes, as {@link #largestPartBytes(DType)} does.
     *
     * @param size memory in bytes of a tensor
     * @param decoding memory in bytes that decoded weights of a layer take beside it
     */
    long largestPartBytes(ToLongFunction<ModelTensor> size, long decoding) {
        long others = tensors.stream()
                .filter(tensor -> tensor.layer().isEmpty())
                .mapToLong(size)
                .sum();
        return Math.max(others, largestLayerBytes(size, decoding));
    }

    /** Returns the memory in bytes that the largest layer takes while the model computes in a type. */
    public long largestLayerBytes(DType compute) {
        return largestLayerBytes(tensor -> tensor.bytes(compute), decodingBytes(compute));
    }

    private long largestLayerBytes(ToLongFunction<ModelTensor> size, long decoding) {
        long[] byLayer = new long[config().layers()];
        tensors.forEach(tensor -> tensor.layer().ifPresent(layer -> byLayer[layer] += size.applyAsLong(tensor)));
        return Arrays.stream(byLayer).max().orElse(0) + decoding;
    }

    /**
     * Checks that the transformer can be built.
     *
     * @throws UserException if tensors are missing; the message names them
     */
    public void requireComplete() {
        if (missing.isEmpty()) {
            return;
        }
        String more = missing.size() > SHOWN ? " and %s more".formatted(missing.size() - SHOWN) : "";
        throw new UserException(
                "%s has no tensor '%s'%s, which the model of config.json needs; the download may be incomplete or the configuration another model's."
                        .formatted(
                                checkpoint.source(),
                                String.join("', '", missing.subList(0, Math.min(SHOWN, missing.size()))),
                                more));
    }
}
