package org.layerwise.study;

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
import org.layerwise.data.Batches;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.tensor.DType;
import org.layerwise.training.TrainerSettings;

/**
 * What an analysis and a LoRA training would cost on GPUs, from a model's configuration alone: memory a card, operations and bytes a
 * step, and the time that follows from them. The formulas for memory are those that trainings here are warned by; the operations are
 * those that PyTorch counts.
 */
public final class ClusterPlan {

    /** Adapters, their gradients and two moments, in float32. */
    private static final int BYTES_TRAINED = 16;

    /** A worker on a GPU computes at most so many tokens at a time, unless a single row has more. */
    private static final int TOKENS_A_PASS = 16_384;

    /** What a process holds on a card beside its tensors: the context of CUDA and the workspaces of its libraries. */
    private static final long CONTEXT = 1L << 30;

    private final ModelBlueprint model;
    private final Settings settings;
    private final DType type;

    /**
     * What is planned.
     *
     * @param targets modules with adapters; null for those usual for the model
     * @param rows a step, over all cards
     * @param length tokens of a row
     * @param samples rows of the analysis
     * @param fsdp whether the cards share the weights out
     * @param checkpointing whether inner values are computed again for the backward pass
     * @param card what computes
     * @param reached share of the card's operations a second that is reached
     * @param link bytes a second between two cards
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
     * What some layers cost, whatever computes.
     *
     * @param layers with adapters
     * @param trained numbers that are trained
     * @param operations a step
     */
    public record Arm(SortedSet<Integer> layers, long trained, double operations) {}

    /**
     * A training of some layers on some cards.
     *
     * @param rows a card and step
     * @param memory bytes a card
     * @param fits whether the card has as much
     * @param moved bytes a card sends and receives in a step
     * @param seconds a step
     */
    public record Cost(int cards, int rows, long memory, boolean fits, double moved, double seconds) {}

    /**
     * An analysis on some cards.
     *
     * @param memory bytes a card
     * @param seconds of all rows
     * @param fetched bytes that are sent here
     */
    public record AnalysisCost(int cards, long memory, boolean fits, double seconds, long fetched) {}

    private ClusterPlan(ModelBlueprint model, Settings settings, DType type) {
        this.model = model;
        this.settings = settings;
        this.type = type;
    }

    /**
     * Returns what a model would cost on GPUs.
     *
     * @param model a {@code config.json}, or the folder that has one; weights are not looked at
     * @throws UserException if there is none, or it is not supported
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
     * Reads a configuration.
     *
     * @throws UserException if it is not supported, or a target matches nothing
     */
    static ClusterPlan of(Workbench workbench, Checkpoint checkpoint, Settings settings) {
        ModelBlueprint model = ModelBlueprint.ofConfig(workbench.engine(), checkpoint, DType.BF16);
        ModelConfig.Positions positions = model.config().positions();
        int length = positions.limited() ? Math.min(positions.most(), settings.length()) : settings.length();
        ClusterPlan plan = new ClusterPlan(model, settings.withLength(length), DType.BF16);
        plan.modules(plan.allLayers());
        return plan;
    }

    /** Tokens of a row: as many as were asked for, or as the model has positions. */
    public int length() {
        return settings.length();
    }

    /** How many layers the model has. */
    public int layers() {
        return model.config().layers();
    }

    /** Its numbers, the head included. */
    public long parameters() {
        return model.parameters();
    }

    /** What its weights take in 16 bits. */
    public long weightBytes() {
        return model.bytes(type);
    }

    /** The modules that get adapters in each layer. */
    public List<String> targets() {
        return settings.targets() == null ? model.description().defaultTargets() : settings.targets();
    }

    public SortedSet<Integer> allLayers() {
        return new TreeSet<>(IntStream.range(0, layers()).boxed().toList());
    }

    /** Half of them, spread evenly: where nobody has analysed the model yet, any half is as likely. */
    public SortedSet<Integer> half() {
        return new TreeSet<>(IntStream.range(0, layers())
                .filter(layer -> layer % 2 == 1)
                .boxed()
                .toList());
    }

    /** What adapters on some layers cost, whatever computes. */
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

    /** A training of some layers on so many cards. */
    public Cost cost(Arm arm, int cards) {
        int rows = Batches.count(settings.rows(), cards);
        long weights = settings.fsdp() ? model.bytes(type) / cards + model.largestPartBytes(type) : model.bytes(type);
        long trained = arm.trained() * BYTES_TRAINED / (settings.fsdp() ? cards : 1);
        TrainingEstimate inner = estimate(arm, rows);
        long memory = weights + trained + inner.activations() + inner.logits() + CONTEXT;
        double ring = (cards - 1.0) / cards;
        // adapters' gradients are added up in float32; shared weights go round for both passes
        double moved = 2 * ring * arm.trained() * Float.BYTES + (settings.fsdp() ? 2 * ring * model.bytes(type) : 0);
        double share = arm.operations() * rows / settings.rows();
        double computing = share / (settings.card().flops() * settings.reached());
        double passes = Math.ceil((double) rows * settings.length() / Math.max(TOKENS_A_PASS, settings.length()));
        double reading = passes * 2 * model.bytes(type) / settings.card().bandwidth();
        double seconds = Math.max(computing, reading) + moved / settings.link();
        return new Cost(cards, rows, memory, memory <= settings.card().memory(), moved, seconds);
    }

    /** An analysis on so many cards. */
    public AnalysisCost analysis(int cards) {
        ModelConfig config = model.config();
        long atOnce = Math.max(1, TOKENS_A_PASS / settings.length());
        Flops flops = new Flops(config, model.linears(), Set.of(), settings.rank(), false);
        int rows = Batches.count(settings.samples(), cards);
        // all hidden states of a pass are there at its end
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
                        type,
                        modules.stream().map(LinearModule::name).collect(Collectors.toSet()),
                        false,
                        true,
                        model.config().dropout(),
                        arm.trained(),
                        modules.stream().mapToInt(LinearModule::layer).min().orElse(0),
                        rows,
                        settings.length(),
                        languageModel() ? settings.length() : 0,
                        rows,
                        TOKENS_A_PASS,
                        0,
                        new TrainerSettings.Memory(settings.checkpointing(), 0),
                        Long.MAX_VALUE)
                .plain();
    }

    /** Numbers of cards, each once, in order. */
    public static List<Integer> cards(List<Integer> wanted, @Nullable Integer there) {
        List<Integer> all = new ArrayList<>(wanted);
        if (there != null && there > 0) {
            all.add(there);
        }
        return new TreeSet<>(all).stream().toList();
    }
}
