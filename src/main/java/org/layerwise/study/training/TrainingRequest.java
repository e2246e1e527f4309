package org.layerwise.study.training;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.model.TransformerModel;
import org.layerwise.run.Run;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunFile;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainerSettings;

/**
 * Training before its first step, on this computer or on a cluster.
 *
 * @param material inputs of the training; the caller that read them must close them
 * @param trainer settings of the trainer, with all defaults resolved
 * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no reason
 *     is known
 * @param flags flags to write to {@code config.yaml}
 */
public record TrainingRequest(
        TrainingInputs material, TrainerSettings trainer, @Nullable String layersReason, Map<String, Object> flags) {

    /**
     * Refuses settings that would make the run fail later. Call this before anything is written.
     *
     * @throws UserException if such a setting is found; the message names the flag
     */
    public static void requireUsable(DataSettings data, TrainingSettings settings, TrainingInputs material) {
        boolean keepBest = settings.get(RunSettings.KEEP_BEST);
        BestMetric.of(settings.values(), data.preset(), material.task()).requireOf(material.task());
        material.train().objective().smoothed(settings.get(OptimiserSettings.LABEL_SMOOTHING));
        if (settings.get(OptimiserSettings.PACKING) && material.task() != TaskKind.CAUSAL_LM) {
            throw new UserException(
                    "--packing is for language models (--task causal-lm), and this training of a model of type %s is a %s; leave --packing out."
                            .formatted(
                                    material.adapted().base().config().family(),
                                    material.task().id()));
        }
        if (settings.values().find(OptimiserSettings.LORA_PLUS_RATIO).isPresent()
                && material.adapted().config().variant().sharded()) {
            throw new UserException(
                    "--lora-plus-ratio gives B another learning rate than A, and MiSS has one matrix alone; leave it"
                            + " out.");
        }
        if (material.validation().isEmpty()
                && (keepBest || settings.values().find(RunSettings.PATIENCE).isPresent())) {
            throw new UserException("%s looks at validation rows, and there are none; name a file with --validation."
                    .formatted(keepBest ? "--keep-best" : "--patience"));
        }
    }

    /**
     * Resolves the settings of a training for its inputs.
     *
     * @param out folder of the run, which the flags name
     */
    public static TrainingRequest of(
            Path out, OpenModel model, DataSettings data, TrainingSettings settings, TrainingInputs material) {
        int rows = material.train().tokens().size();
        TrainerSettings trainer = trainer(model, data, settings, rows);
        return new TrainingRequest(
                material,
                trainer,
                settings.layersReason(),
                RunConfig.flags(
                        out,
                        model.reference(),
                        model.settings(),
                        data,
                        rows,
                        material.task(),
                        material.adapted().config(),
                        settings,
                        trainer));
    }

    /**
     * Returns the settings of the trainer with all defaults resolved.
     *
     * @param rows number of training rows
     */
    static TrainerSettings trainer(OpenModel model, DataSettings data, TrainingSettings settings, int rows) {
        TrainerSettings.Grouping grouping = grouping(data, settings);
        return new TrainerSettings(
                settings.values(),
                OptimiserSettings.schedule(settings.values(), grouping.stepsPerEpoch(rows)),
                grouping,
                settings.get(OptimiserSettings.LABEL_SMOOTHING),
                settings.get(OptimiserSettings.MODEL_DROPOUT)
                        .map(model::dropout)
                        .orElseGet(() -> model.described().config().dropout()),
                new TrainerSettings.Memory(
                        settings.get(RunSettings.GRADIENT_CHECKPOINTING)
                                || whyComputedAgain(model).isPresent(),
                        settings.values()
                                        .find(RunSettings.PREFIX_CACHE)
                                        .orElse(0)
                                        .longValue()
                                << 20),
                settings.seed());
    }

    /**
     * Returns one sentence on why a training on this computer computes layers again for the backward pass, whatever the settings
     * say; empty if it does not. A graph would keep the weights of all layers that are made for each computation; and of a model
     * that is used by layers, all inner values together can take more memory than everything else.
     */
    static Optional<String> whyComputedAgain(OpenModel model) {
        TransformerModel base = model.described();
        String why;
        String kept = "the weights";
        if (base.makesWeights() && base.blueprint().isQuantized()) {
            why = "The weights are quantised";
        } else if (base.makesWeights()) {
            why = "The weights are converted from their files when they are needed";
        } else if (model.isUsedByLayers()) {
            why = "The model is used one layer at a time";
            kept = "the inner values";
        } else {
            return Optional.empty();
        }
        return Optional.of(
                "%s, so layers are computed again for the backward pass, as with --gradient-checkpointing: else %s of all layers would be kept in memory."
                        .formatted(why, kept));
    }

    /** Returns the batch size and the number of gradient accumulation steps. */
    static TrainerSettings.Grouping grouping(DataSettings data, TrainingSettings settings) {
        return OptimiserSettings.grouping(
                settings.values(), data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch());
    }

    /** Returns the request for a run that is resumed; see {@link RunConfig#resumed}. */
    TrainingRequest resumed(Path out, OpenModel model) {
        return new TrainingRequest(
                material,
                trainer,
                layersReason,
                RunConfig.resumed(out, flags, model.card().dtype()));
    }

    /**
     * Checks that the run in a folder was started with these settings and with the same model and rows.
     *
     * @throws UserException if they differ; the message names the first difference
     */
    public void requireSame(Path out) {
        RunConfig.requireSame(out, flags);
        Run.open(out).identity().requireUnchanged(material.identity(), out);
    }

    /**
     * Returns the part of {@code run.json} that the plan decides.
     *
     * @param environment hardware and software of the computation, by name
     */
    public RunFile.Subject subject(OpenModel model, DataSettings data, Map<String, String> environment) {
        return new RunFile.Subject(
                model.card().name(),
                data.data(),
                material.task().id(),
                material.adapted().config().layers(),
                layersReason,
                model.card().layers(),
                material.identity(),
                flags,
                environment,
                trainer.schedule().steps());
    }
}
