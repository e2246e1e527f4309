package org.layerwise.study.cost;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.batch.Batches;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.study.Workbench;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.study.training.TrainingMemory;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainerSettings;

/**
 * Estimate of the cost of an analysis and a LoRA training on GPUs, computed from a model's configuration alone: memory
 * per GPU, operations and bytes per step, and the resulting time. The formulas for memory are those of the memory
 * warnings of local trainings. The operations are those that PyTorch counts.
 */
public final class ClusterPlan {

    /** Bytes per trained parameter: the adapter's weights, their gradients and two moments, in float32. */
    private static final int BYTES_TRAINED = 16;

    /** Maximum number of tokens that a worker on a GPU computes at a time, unless a single row has more. */
    private static final int TOKENS_A_PASS = 16_384;

    /**
     * Memory of a process on a GPU in addition to its tensors, in bytes: the CUDA context and the workspaces of its
     * libraries.
     */
    private static final long CONTEXT = 1L << 30;

    private final ModelBlueprint model;
    private final Settings settings;
    private final DType type;

    /**
     * Settings of the estimate.
     *
     * @param targets target modules of the adapters; null for the default of the model
     * @param rank rank of the adapters
     * @param rows rows per step, over all GPUs
     * @param length tokens per row
     * @param samples rows of the analysis
     * @param fsdp true if the weights are sharded over the GPUs
     * @param checkpointing true if activations are recomputed in the backward pass
     * @param card kind of GPU
     * @param reached share of the GPU's peak operations per second that is reached
     * @param link bandwidth between two GPUs in bytes per second
     */
    public record Settings(
            @Nullable List<String> targets,
            int rank,
            int rows,
            int length,
            int samples,
            boolean fsdp,
            boolean checkpointing,
            GpuKind card,
            double reached,
            double link) {

        Settings withLength(int other) {
            return new Settings(targets, rank, rows, other, samples, fsdp, checkpointing, card, reached, link);
        }
    }

    /**
     * Cost of a training of some layers, without regard to the hardware.
     *
     * @param layers layers with adapters
     * @param trained number of trained parameters
     * @param operations floating-point operations per step
     */
    public record Arm(SortedSet<Integer> layers, long trained, double operations) {}

    /**
     * Cost of a training of some layers on a number of GPUs.
     *
     * @param cards number of GPUs
     * @param rows rows per GPU and step
     * @param memory bytes per GPU
     * @param fits true if the GPU has this much memory
     * @param moved bytes that a GPU sends and receives per step
     * @param seconds seconds per step
     */
    public record Cost(int cards, int rows, long memory, boolean fits, double moved, double seconds) {}

    /**
     * Cost of an analysis on a number of GPUs.
     *
     * @param cards number of GPUs
     * @param memory bytes per GPU
     * @param fits true if the GPU has this much memory
     * @param seconds seconds for all rows
     * @param fetched bytes that are sent to this computer
     */
    public record AnalysisCost(int cards, long memory, boolean fits, double seconds, long fetched) {}

    private ClusterPlan(ModelBlueprint model, Settings settings, DType type) {
        this.model = model;
        this.settings = settings;
        this.type = type;
    }

    /**
     * Returns the estimate for a model.
     *
     * @param model a {@code config.json}, or the folder that has one; weights are not read
     * @throws UserException if there is no such file, or the model is not supported
     */
    public static ClusterPlan of(Workbench workbench, Path model, Settings settings) {
        Path config = (Files.isDirectory(model) ? model.resolve(Checkpoint.CONFIG) : model).toAbsolutePath();
        if (!Files.isRegularFile(config)) {
            throw new UserException(
                    "There is no file %s; give a model's config.json, or the folder that has it.".formatted(config));
        }
        try (Checkpoint checkpoint = Checkpoint.ofConfig(config)) {
            return of(workbench, checkpoint, settings);
        }
    }

    /**
     * Returns the estimate for a configuration.
     *
     * @throws UserException if the model is not supported, or a target matches no module
     */
    static ClusterPlan of(Workbench workbench, Checkpoint checkpoint, Settings settings) {
        ModelBlueprint model = ModelBlueprint.ofConfig(workbench.engine(), checkpoint, DType.BF16);
        ModelConfig.Positions positions = model.config().positions();
        int length = positions.limited() ? Math.min(positions.most(), settings.length()) : settings.length();
        ClusterPlan plan = new ClusterPlan(model, settings.withLength(length), DType.BF16);
        plan.modules(plan.allLayers());
        return plan;
    }

    /** Returns the tokens per row: those of the settings, or the number of the model's positions if that is smaller. */
    public int length() {
        return settings.length();
    }

    /** Returns the number of layers of the model. */
    public int layers() {
        return model.config().layers();
    }

    /** Returns the number of parameters of the model, including the head. */
    public long parameters() {
        return model.parameters();
    }

    /** Returns the size of the model's weights in 16 bits, in bytes. */
    public long weightBytes() {
        return model.bytes(type);
    }

    /** Returns true if the weights are quantised in their files; the estimate is for the same weights in 16 bits. */
    public boolean isQuantized() {
        return model.isQuantized();
    }

    /** Returns the modules that get adapters in each layer. */
    public List<String> targets() {
        return settings.targets() == null ? model.description().defaultTargets() : settings.targets();
    }

    public SortedSet<Integer> allLayers() {
        return new TreeSet<>(IntStream.range(0, layers()).boxed().toList());
    }

    /**
     * Returns half of the layers, spread evenly. Before an analysis of the model, every half is equally likely to be
     * selected.
     */
    public SortedSet<Integer> half() {
        return new TreeSet<>(IntStream.range(0, layers())
                .filter(layer -> layer % 2 == 1)
                .boxed()
                .toList());
    }

    /** Returns the cost of adapters on some layers, without regard to the hardware. */
    public Arm arm(SortedSet<Integer> layers) {
        List<LinearModule> modules = modules(layers);
        Flops flops = flops(modules);
        double operations = flops.forward(settings.rows(), settings.length())
                + flops.backward(settings.rows(), settings.length())
                + (settings.checkpointing() ? flops.recomputed(settings.rows(), settings.length()) : 0);
        long trained = modules.stream()
                .mapToLong(module -> (long) settings.rank() * (module.in() + module.out()))
                .sum();
        return new Arm(layers, trained, operations);
    }

    /** Returns the cost of a training of some layers on a number of GPUs. */
    public Cost cost(Arm arm, int cards) {
        int rows = Batches.count(settings.rows(), cards);
        long weights = settings.fsdp() ? model.bytes(type) / cards + model.largestPartBytes(type) : model.bytes(type);
        long trained = arm.trained() * BYTES_TRAINED / (settings.fsdp() ? cards : 1);
        TrainingEstimate inner = estimate(arm, rows);
        long memory = weights + trained + inner.activations() + inner.logits() + CONTEXT;
        double ring = (cards - 1.0) / cards;
        // adapters' gradients are reduced in float32; sharded weights are gathered for both passes
        double moved = 2 * ring * arm.trained() * Float.BYTES + (settings.fsdp() ? 2 * ring * model.bytes(type) : 0);
        double share = arm.operations() * rows / settings.rows();
        double computing = share / (settings.card().flops() * settings.reached());
        double passes = Math.ceil((double) rows * settings.length() / Math.max(TOKENS_A_PASS, settings.length()));
        double reading = passes * 2 * model.bytes(type) / settings.card().bandwidth();
        double seconds = Math.max(computing, reading) + moved / settings.link();
        return new Cost(cards, rows, memory, memory <= settings.card().memory(), moved, seconds);
    }

    /** Returns the cost of an analysis on a number of GPUs. */
    public AnalysisCost analysis(int cards) {
        ModelConfig config = model.config();
        long atOnce = Math.max(1, TOKENS_A_PASS / settings.length());
        Flops flops = new Flops(config, model.linears(), Set.of(), settings.rank(), false);
        int rows = Batches.count(settings.samples(), cards);
        // at the end of a pass, all of its hidden states are in memory
        long states = atOnce * settings.length() * (config.layers() + 1L) * config.hiddenSize() * type.bytes();
        long fetched = settings.samples() * (config.layers() + 1L) * config.hiddenSize() * Float.BYTES;
        double seconds =
                flops.forward(rows, settings.length()) / (settings.card().flops() * settings.reached());
        long memory = model.bytes(type) + states + CONTEXT;
        return new AnalysisCost(cards, memory, memory <= settings.card().memory(), seconds, fetched);
    }

    private boolean languageModel() {
        return model.description().names().has(ModuleNames.Module.LANGUAGE_MODEL);
    }

    private List<LinearModule> modules(SortedSet<Integer> layers) {
        return model.targets(layers, targets());
    }

    private Flops flops(List<LinearModule> modules) {
        Set<String> names = modules.stream().map(LinearModule::name).collect(Collectors.toSet());
        return new Flops(model.config(), model.linears(), names, settings.rank(), languageModel());
    }

    private TrainingEstimate estimate(Arm arm, int rows) {
        List<LinearModule> modules = modules(arm.layers());
        return new TrainingMemory(
                        model,
                        false,
                        type,
                        Device.cuda(0),
                        modules.stream().map(LinearModule::name).collect(Collectors.toSet()),
                        false,
                        true,
                        model.config().dropout(),
                        arm.trained(),
                        modules.stream().mapToInt(LinearModule::layer).min().orElse(0),
                        rows,
                        false,
                        settings.length(),
                        languageModel() ? settings.length() : 0,
                        rows,
                        false,
                        TOKENS_A_PASS,
                        OptimiserSettings.OPTIMISER.defaultValue().orElseThrow().means(),
                        new TrainerSettings.Memory(settings.checkpointing(), 0),
                        Long.MAX_VALUE)
                .plain();
    }

    /**
     * Returns numbers of GPUs in ascending order, without duplicates.
     *
     * @param wanted numbers of GPUs to estimate
     * @param there number of GPUs of the cluster; null if unknown
     */
    public static List<Integer> cards(List<Integer> wanted, @Nullable Integer there) {
        List<Integer> all = new ArrayList<>(wanted);
        if (there != null && there > 0) {
            all.add(there);
        }
        return new TreeSet<>(all).stream().toList();
    }
}
