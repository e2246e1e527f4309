package org.layerwise.study.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.selection.LoraSize;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.TaskChoice;
import org.layerwise.study.training.TrainingEstimate.Alternative;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.training.FrozenOutputs;
import org.layerwise.training.Objective;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

/**
 * Inputs of the estimate of a training's memory.
 *
 * @param byLayers true if the model's matrices stay in their files
 * @param type data type that the model computes in
 * @param device device of the computation
 * @param adapted names of the linear modules with adapters
 * @param decomposed true if the adapters are DoRA adapters
 * @param adapterDropout true if dropout is applied to the input of each adapter
 * @param dropout dropout probabilities of the model
 * @param trainable number of trainable parameters
 * @param lowest lowest layer that needs a backward pass
 * @param rows batch size
 * @param packed true if rows are computed side by side instead of padded
 * @param longest number of tokens of the longest row
 * @param labelled maximum number of tokens per row that a language model predicts; 0 for other tasks
 * @param allRows number of rows of the training
 * @param keepsCopies true if each linear map keeps copies of its input and output
 * @param budget maximum number of tokens that are computed at a time, unless a single row has more
 * @param copies number of copies of each trained parameter: means of the optimiser, checkpoints, and the best adapter
 * @param memory settings of gradient checkpointing and of the cache for the outputs of the frozen layers
 * @param available free bytes on the device of the computation
 */
public record TrainingMemory(
        ModelBlueprint model,
        boolean byLayers,
        DType type,
        Device device,
        Set<String> adapted,
        boolean decomposed,
        boolean adapterDropout,
        ModelConfig.Dropout dropout,
        long trainable,
        int lowest,
        int rows,
        boolean packed,
        int longest,
        int labelled,
        int allRows,
        boolean keepsCopies,
        int budget,
        int copies,
        TrainerSettings.Memory memory,
        long available) {

    /** Number of values per trained parameter beside the optimiser's means: weight and gradient. */
    private static final int WITH_GRADIENT = 2;

    /** Number of values per logit: the logit, its logarithm and the gradients of both. */
    private static final int LOGIT_COPIES = 4;

    /** Share of the free memory that outputs of frozen layers may take if nothing was said about them. */
    private static final double CACHED_SHARE = 0.25;

    private static final int FLOAT = Float.BYTES;
    private static final int SHORTEST = 16;

    /** Returns the inputs for a training whose data has been read. */
    static TrainingMemory of(
            OpenModel open,
            TrainingInputs material,
            TrainerSettings trainer,
            TrainingSettings settings,
            long available) {
        AdaptedModel model = material.adapted();
        TokenizedDataset tokens = material.train().tokens();
        ModelBlueprint blueprint = model.base().blueprint();
        ModelConfig config = blueprint.config();
        Set<String> adapted = blueprint.linears().stream()
                .map(LinearModule::name)
                .filter(model.adaptedModules()::contains)
                .collect(Collectors.toSet());
        int labelled = 0;
        if (material.train().objective() instanceof Objective.NextTokens next) {
            for (int row = 0; row < tokens.size(); row++) {
                labelled = Math.max(labelled, (int) next.weight(new int[] {row}));
            }
        }
        LoraConfig lora = model.config();
        return new TrainingMemory(
                        blueprint,
                        open.isUsedByLayers(),
                        open.computeType(),
                        open.computeDevice(),
                        adapted,
                        lora.variant().decomposed(),
                        lora.dropout() > 0,
                        trainer.dropout(),
                        model.trainableParameters(),
                        model.lowestTrainedLayer(),
                        trainer.batches().rows(),
                        trainer.batches().packed(),
                        tokens.rows().stream()
                                .mapToInt(row -> row.length())
                                .max()
                                .orElse(1),
                        labelled,
                        tokens.size(),
                        model.base().engine().keepsCopies(open.computeType(), open.computeDevice()),
                        Batches.tokensPerPiece(config, open.computeDevice(), open.computeType()),
                        copies(settings),
                        trainer.memory(),
                        available)
                .decided(settings, trainer, FrozenOutputs.bytes(model, tokens));
    }

    /**
     * Returns the estimated memory of a training before its rows are read. The estimate assumes that all rows have the
     * maximum length.
     *
     * @param rows number of rows
     * @throws org.layerwise.base.UserException if a target matches no module
     */
    public static TrainingEstimate estimate(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, int rows) {
        return before(model, data, settings, rows, workbench.available(model.computeDevice()))
                .estimate();
    }

    /**
     * Returns the inputs for a training whose rows have not been read yet. The estimate assumes that all rows have the
     * maximum length.
     *
     * @param allRows number of rows
     * @throws org.layerwise.base.UserException if a target matches no module
     */
    static TrainingMemory before(
            OpenModel open, DataSettings data, TrainingSettings settings, int allRows, long available) {
        ModelBlueprint blueprint = open.described().blueprint();
        ModelConfig config = blueprint.config();
        AdapterSettings adapter = settings.adapter();
        Set<Integer> layers = adapter.layers() == null ? open.described().allLayers() : new TreeSet<>(adapter.layers());
        List<String> targets =
                adapter.targetModules() == null ? open.described().defaultTargets() : adapter.targetModules();
        List<LinearModule> modules = blueprint.targets(layers, targets);
        TrainerSettings trainer = TrainingRequest.trainer(open, data, settings, allRows);
        boolean predictsTokens = TaskChoice.likely(open.described(), settings.task()) == TaskKind.CAUSAL_LM;
        long trainable = LoraSize.of(blueprint, layers, adapter.values());
        boolean dense = !predictsTokens && config.head().dense() != null;
        int longest = Math.min(
                data.maxLength(),
                config.positions().limited() ? config.positions().most() : data.maxLength());
        return new TrainingMemory(
                        blueprint,
                        open.isUsedByLayers(),
                        open.computeType(),
                        open.computeDevice(),
                        modules.stream().map(LinearModule::name).collect(Collectors.toSet()),
                        adapter.variant().decomposed(),
                        adapter.dropout() > 0,
                        trainer.dropout(),
                        trainable + (dense ? (long) config.hiddenSize() * config.hiddenSize() : 0),
                        modules.stream().mapToInt(LinearModule::layer).min().orElse(0),
                        trainer.batches().rows(),
                        trainer.batches().packed(),
                        longest,
                        predictsTokens ? longest : 0,
                        allRows,
                        open.described().engine().keepsCopies(open.computeType(), open.computeDevice()),
                        Batches.tokensPerPiece(config, open.computeDevice(), open.computeType()),
                        copies(settings),
                        trainer.memory(),
                        available)
                .decided(settings, trainer);
    }

    private TrainingMemory decided(TrainingSettings settings, TrainerSettings trainer) {
        return decided(settings, trainer, statesBytes());
    }

    /** Returns the bytes of the outputs of the frozen layers, if all rows are as long as the longest. */
    private long statesBytes() {
        return (long) allRows * longest * model.config().stateWidth(lowest) * type.bytes();
    }

    /**
     * Returns this training with the outputs of its frozen layers kept from epoch to epoch, if nothing was said about
     * that, they can be kept, and they fit in memory. For a model that is used by layers, those that do not fit are kept in a
     * file: to compute them again, their layers would have to be read again.
     *
     * @param needed bytes of these outputs
     */
    private TrainingMemory decided(TrainingSettings settings, TrainerSettings trainer, long needed) {
        if (settings.values().find(RunSettings.PREFIX_CACHE).isPresent()
                || trainer.reasonAgainstPrefixCache(lowest, allRows).isPresent()
                || !byLayers && needed > CACHED_SHARE * available) {
            return this;
        }
        long inMemory = Math.min(needed, Math.max(1, (long) (CACHED_SHARE * available)));
        TrainingMemory cached = with(new TrainerSettings.Memory(memory.checkpointing(), inMemory));
        return !byLayers && cached.plain().tight() ? this : cached;
    }

    /**
     * Returns the number of copies: the optimiser's means, weights and means for a checkpoint, and weights of the best
     * adapter.
     */
    private static int copies(TrainingSettings settings) {
        int means = settings.values().get(OptimiserSettings.OPTIMISER).means();
        boolean checkpoints = settings.get(RunSettings.CHECKPOINT_EVERY, 1) > 0;
        return means + (checkpoints ? 1 + means : 0) + (settings.get(RunSettings.KEEP_BEST) ? 1 : 0);
    }

    /** Returns the estimate, with advice if the training does not fit. */
    TrainingEstimate estimate() {
        return plain().advised(alternatives());
    }

    /** Returns the estimate without advice. */
    public TrainingEstimate plain() {
        long tokens = tokensAtOnce();
        long logits = Math.min(
                        tokens * labelled / longest * model.config().vocabularySize(), Objective.NextTokens.MOST_LOGITS)
                * FLOAT
                * LOGIT_COPIES;
        long cache = lowest == 0 ? 0 : Math.min(memory.prefixCacheBytes(), statesBytes());
        return new TrainingEstimate(
                byLayers ? model.besideFilesBytes(type, device) : model.bytes(type) - model.decodingBytes(type),
                byLayers ? model.madeBytes(type, device) : model.decodingBytes(type),
                trainable * FLOAT * (WITH_GRADIENT + copies),
                (long) (valuesPerToken() * tokens * type.bytes()),
                logits,
                cache,
                cache == 0 ? 0 : FrozenOutputs.savedShare(lowest, model.config().layers()),
                available,
                List.of());
    }

    /** Returns the maximum number of tokens that are computed together: packed rows fill a piece. */
    private long tokensAtOnce() {
        long all = (long) rows * longest;
        int filled = packed ? budget : budget / longest * longest;
        return Math.min(all, Math.max(longest, filled));
    }

    private double valuesPerToken() {
        ModelConfig config = model.config();
        double sum = 0;
        double most = 0;
        double passing = 0;
        boolean forFirstToken = labelled == 0 && config.head().pooling() == ModelConfig.Head.Pooling.FIRST;
        for (int index = lowest; index < config.layers(); index++) {
            int number = index;
            List<LinearModule> modules = model.linears().stream()
                    .filter(module -> module.layer() == number)
                    .toList();
            ActivationMemory layer = new ActivationMemory(
                    config, type, device, index, modules, adapted, decomposed, adapterDropout, dropout, keepsCopies);
            double kept =
                    forFirstToken && index == config.layers() - 1 ? layer.aTokenForTheFirst() : layer.aToken(longest);
            sum += kept;
            most = Math.max(most, kept);
            passing = Math.max(passing, layer.passing(longest));
        }
        double inputs = IntStream.range(lowest, config.layers())
                .mapToDouble(config::stateWidth)
                .sum();
        return (memory.checkpointing() ? inputs + most : sum) + passing;
    }

    /**
     * Returns alternatives in the order of their cost, the cheapest first. Each is tried alone; if none fits, the last
     * one combines them.
     */
    private List<Alternative> alternatives() {
        List<Alternative> all = new ArrayList<>();
        if (plain().cache() > 0) {
            TrainingMemory uncached = with(new TrainerSettings.Memory(memory.checkpointing(), 0));
            all.add(new Alternative("--prefix-cache 0", uncached.plain()));
        }
        TrainingMemory checkpointed = with(new TrainerSettings.Memory(true, memory.prefixCacheBytes()));
        if (!memory.checkpointing()) {
            all.add(new Alternative("--gradient-checkpointing", checkpointed.plain()));
        }
        int fewer = fitting(rows, 1, this::withRows);
        if (fewer < rows) {
            all.add(new Alternative("--batch " + fewer, withRows(fewer).plain()));
        }
        int shorter = fitting(longest, SHORTEST, this::withLongest);
        if (shorter < longest) {
            all.add(new Alternative(
                    "--max-length " + shorter, withLongest(shorter).plain()));
        }
        if (!byLayers && model.checkpoint().hasWeights()) {
            TrainingEstimate streamed = inFiles().plain();
            all.add(new Alternative("--load layers", streamed));
        }
        if (all.stream().allMatch(other -> other.estimate().tight())) {
            TrainingMemory least = with(new TrainerSettings.Memory(true, 0)).withRows(1);
            int together = fitting(longest, SHORTEST, least::withLongest);
            all.add(new Alternative(
                    "--gradient-checkpointing --batch 1 --max-length " + together,
                    least.withLongest(together).plain()));
        }
        return all;
    }

    /** Halves a value until the training fits; returns the last value that was tried if none fits. */
    private static int fitting(int from, int atLeast, IntFunction<TrainingMemory> with) {
        int value = from;
        while (value / 2 >= atLeast && with.apply(value).plain().tight()) {
            value /= 2;
        }
        return value;
    }

    /** Returns this training on a model whose matrices stay in their files, so that the memory of its weights is free. */
    private TrainingMemory inFiles() {
        long freed = model.bytes(type) - model.decodingBytes(type);
        return copy(
                true,
                rows,
                longest,
                labelled,
                new TrainerSettings.Memory(true, 0),
                available == Long.MAX_VALUE ? available : available + freed);
    }

    private TrainingMemory with(TrainerSettings.Memory other) {
        return copy(byLayers, rows, longest, labelled, other, available);
    }

    private TrainingMemory withRows(int other) {
        return copy(byLayers, other, longest, labelled, memory, available);
    }

    private TrainingMemory withLongest(int other) {
        return copy(byLayers, rows, other, Math.min(labelled, other), memory, available);
    }

    private TrainingMemory copy(
            boolean otherByLayers,
            int otherRows,
            int otherLongest,
            int otherLabelled,
            TrainerSettings.Memory other,
            long otherAvailable) {
        return new TrainingMemory(
                model,
                otherByLayers,
                type,
                device,
                adapted,
                decomposed,
                adapterDropout,
                dropout,
                trainable,
                lowest,
                otherRows,
                packed,
                otherLongest,
                otherLabelled,
                allRows,
                keepsCopies,
                budget,
                copies,
                other,
                otherAvailable);
    }
}
