package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraSettings;
import org.layerwise.model.ModuleType;
import org.layerwise.selection.SelectedModules;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.HalfRank;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;

/**
 * Settings of the runs of an experiment.
 *
 * @param steps number of steps of a training
 * @param cut true if the runs that choose a learning rate stop for comparisons, after quarters of the steps
 */
record CellSettings(OpenModel model, ExperimentSettings settings, Proposals proposals, int steps, boolean cut) {

    /** Returns these settings with the layers that analyses proposed. */
    CellSettings with(Proposals others) {
        return new CellSettings(model, settings, others, steps, cut);
    }

    /** Returns the layers of a run. */
    SortedSet<Integer> layers(Cell cell) {
        return proposals.layers(cell.arm(), cell.seed());
    }

    /** Returns the settings of a run. */
    TrainingSettings training(Cell cell) {
        TrainingSettings training = settings.training();
        AdapterSettings ofArm = adapter(model, training.adapter(), cell.arm());
        AdapterSettings adapter = proposals
                .modules(cell.arm())
                .map(modules -> ranked(modules, ofArm))
                .orElse(ofArm);
        TrainingSettings ofCell = training.with(adapter)
                .withSeed(cell.seed())
                .with(OptimiserSettings.LEARNING_RATE, cell.rate())
                .withLayers(layers(cell), proposals.reason(cell.arm()));
        // what chooses must not use the test rows
        return switch (cell.purpose()) {
            case FINAL -> ofCell;
            case SWEEP -> ofSweep(ofCell.withHeldOut(training.validation(), null));
            case PROBE ->
                new ProbeRun(cell.rate(), SweepRule.every(steps), cell.seed())
                        .training(ofCell.withHeldOut(training.validation(), null));
        };
    }

    private TrainingSettings ofSweep(TrainingSettings whole) {
        return cut
                ? whole.with(RunSettings.EVALUATE_EVERY, SweepRule.every(steps))
                        .with(RunSettings.CHECKPOINT_EVERY, SweepRule.every(steps))
                : whole;
    }

    /**
     * Requires that the adapters of all arms are possible.
     *
     * @throws UserException if an arm has half of an odd rank, or only modules of which the model has
     *     none among the targets, or spreads ranks where the settings name ranks or experts,
     *     or the variant has one rank for all modules
     */
    static void requireUsable(OpenModel model, ExperimentSettings settings) {
        for (Arm arm : settings.arms()) {
            AdapterSettings adapter = adapter(model, settings.training().adapter(), arm);
            if (arm.ranks() == AdapterRanks.SPREAD) {
                requireRanks(adapter);
                ranked(SelectedModules.of(Map.of(anyModule(model), adapter.rank())), adapter);
            }
        }
    }

    private static void requireRanks(AdapterSettings adapter) {
        if (adapter.variant().sharded()) {
            throw new UserException(
                    "MiSS has one rank for all modules, so no ranks are spread; leave out the arms with %s, or choose another variant."
                            .formatted(AdapterRanks.SPREAD.suffix()));
        }
    }

    private static String anyModule(OpenModel model) {
        return model.outline().linears().get(0).name();
    }

    /** Returns adapters on linear maps with ranks of their own; the targets are what these were chosen from. */
    private static AdapterSettings ranked(SelectedModules modules, AdapterSettings adapter) {
        return new AdapterSettings(
                adapter.layers(),
                adapter.layersReason(),
                modules.settings(adapter.values().without(LoraSettings.TARGET_MODULES)));
    }

    /** Returns the adapters of an arm before ranks are spread. */
    static AdapterSettings adapter(OpenModel model, AdapterSettings all, Arm arm) {
        AdapterSettings adapter = arm.ranks() == AdapterRanks.HALF ? HalfRank.of(all) : all;
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
