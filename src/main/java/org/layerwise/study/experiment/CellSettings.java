package org.layerwise.study.experiment;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedSet;
import org.layerwise.lora.LoraSettings;
import org.layerwise.model.ModuleType;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.HalfRank;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;

/**
 * Settings of the runs of an experiment.
 *
 * @param sweepEvery number of steps between the evaluations and checkpoints of the runs that choose a learning rate;
 *     empty for those of the training
 */
record CellSettings(OpenModel model, ExperimentSettings settings, Proposals proposals, OptionalInt sweepEvery) {

    /** Returns the layers of a run. */
    SortedSet<Integer> layers(Cell cell) {
        return proposals.layers(cell.arm(), cell.seed());
    }

    /** Returns the settings of a run. */
    TrainingSettings training(Cell cell) {
        TrainingSettings training = settings.training();
        TrainingSettings ofCell = training.with(adapter(model, training.adapter(), cell.arm()))
                .withSeed(cell.seed())
                .with(OptimiserSettings.LEARNING_RATE, cell.rate())
                .withLayers(layers(cell), proposals.reason(cell.arm()));
        if (!cell.sweep()) {
            return ofCell;
        }
        // the sweep must not use the test rows
        TrainingSettings ofSweep = ofCell.withHeldOut(training.validation(), null);
        return sweepEvery.isEmpty()
                ? ofSweep
                : ofSweep.with(RunSettings.EVALUATE_EVERY, sweepEvery.getAsInt())
                        .with(RunSettings.CHECKPOINT_EVERY, sweepEvery.getAsInt());
    }

    /**
     * Requires that the adapters of all arms are possible.
     *
     * @throws org.layerwise.base.UserException if an arm has half of an odd rank, or only modules of which the model has
     *     none among the targets
     */
    static void requireUsable(OpenModel model, ExperimentSettings settings) {
        settings.arms().forEach(arm -> adapter(model, settings.training().adapter(), arm));
    }

    private static AdapterSettings adapter(OpenModel model, AdapterSettings all, Arm arm) {
        AdapterSettings adapter = arm.halfRank() ? HalfRank.of(all) : all;
        ModuleType type = arm.modules();
        if (type == null) {
            return adapter;
        }
        List<String> targets =
                Objects.requireNonNullElse(all.targetModules(), model.card().targetModules());
        AdapterSettings some = adapter.with(LoraSettings.TARGET_MODULES, model.targets(type, targets));
        // target parameters are weights of experts
        return type == ModuleType.MLP ? some : some.with(LoraSettings.TARGET_PARAMETERS, List.of());
    }
}
