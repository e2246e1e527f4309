package org.layerwise.study;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.training.TrainerSettings;

/**
 * A training before its first step, wherever it is going to run.
 *
 * @param material whoever read it closes it
 * @param trainer with all that the settings left open decided
 * @param layersReason why these layers, in words that follow "They were chosen"; null where nobody said
 * @param flags as {@code config.yaml} has them
 */
public record PlannedRun(
        TrainingMaterial material, TrainerSettings trainer, @Nullable String layersReason, Map<String, Object> flags) {

    /**
     * Refuses what would end a run later, and is known before anything is written.
     *
     * @throws UserException naming the flag
     */
    public static void requireUsable(DataSettings data, TrainingSettings settings, TrainingMaterial material) {
        boolean keepBest = settings.get(RunSettings.KEEP_BEST);
        BestMetric.of(settings.values(), data.preset(), material.task()).requireOf(material.task());
        if (material.validation().isEmpty()
                && (keepBest || settings.values().find(RunSettings.PATIENCE).isPresent())) {
            throw new UserException("%s looks at validation rows, and there are none; name a file with --validation."
                    .formatted(keepBest ? "--keep-best" : "--patience"));
        }
    }

    /** @param out the run's folder, which the flags name */
    public static PlannedRun of(
            Path out, OpenModel model, DataSettings data, TrainingSettings settings, TrainingMaterial material) {
        int rows = material.train().tokens().size();
        TrainerSettings trainer = TrainerPlan.of(model, data, settings, rows);
        return new PlannedRun(
                material,
                trainer,
                settings.adapter().layersReason(),
                RunConfig.flags(
                        out,
                        model,
                        data,
                        rows,
                        material.task(),
                        material.adapted().config(),
                        settings,
                        trainer));
    }

    /**
     * Makes sure that the run of a folder began with these settings, of the same model and rows.
     *
     * @throws UserException naming the first thing that differs
     */
    public void requireSame(Path out) {
        RunConfig.requireSame(out, flags);
        Run.open(out).identity().requireUnchanged(material.identity(), out);
    }

    /**
     * Returns the part of {@code run.json} that the plan decides.
     *
     * @param environment what computes it, by name
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
