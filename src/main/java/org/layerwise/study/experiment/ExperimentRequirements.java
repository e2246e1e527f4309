package org.layerwise.study.experiment;

import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.model.OpenModel;

/**
 * Checks of the settings of an experiment before anything is computed or written.
 *
 * @param onCluster true if the runs are jobs on a cluster
 */
record ExperimentRequirements(OpenModel model, ExperimentSettings settings, boolean onCluster) {

    /**
     * Requires rows to choose and to measure by, and adapters that are possible.
     *
     * @throws UserException if something is missing, or does not fit the model
     */
    void requireAll() {
        requireRows();
        requirePrunable();
        CellSettings.requireUsable(model, settings);
        if (onCluster) {
            TrainingExport.requireSupported(settings.training());
        }
    }

    private void requirePrunable() {
        if (!settings.arms().contains(Arm.PRUNED)) {
            return;
        }
        if (!settings.arms().contains(Arm.ALL)) {
            throw new UserException(
                    "The arm pruned is made from the adapters of all layers, which are no arm; add all to --arms, or leave pruned out.");
        }
        if (onCluster) {
            throw new UserException(
                    "The arm pruned is measured on this computer, and the others would be measured on the cluster; leave it out of --arms, or run the experiment here.");
        }
        int of = model.card().layers();
        if (new SelectionRule.TopRatio(settings.analysis().ratio()).count(of) == of) {
            throw new UserException(
                    "The arm pruned keeps as many layers as --ratio says, which are all %s; choose a lower --ratio, or leave it out of --arms."
                            .formatted(of));
        }
    }

    private void requireRows() {
        if (settings.rules().stopping() == Stopping.HALF && !settings.arms().contains(Arm.ALL)) {
            throw new UserException(
                    "--stopping half stops arms that are worse than all layers, which are no arm; add all to --arms,"
                            + " or leave it out.");
        }
        TrainingSettings training = settings.training();
        boolean validation = training.validation(settings.data()) != null;
        if (settings.rates().size() > 1 && !validation) {
            throw new UserException(
                    "Learning rates are chosen by validation rows, and there are none; name a file with --validation,"
                            + " or a single rate with --lr.");
        }
        if (training.test() == null && !validation) {
            throw new UserException(
                    "There are no rows to measure the arms by; name a file with --test or --validation.");
        }
    }

    /**
     * Returns the rule that chooses learning rates: the one that was asked for, or that the experiment began with, or
     * successive halving where it is possible.
     *
     * @throws UserException if the experiment began with another rule, or halving is not possible
     */
    SweepRule sweepRule() {
        SweepRule asked = settings.rules().sweep();
        Optional<SweepRule> began = ExperimentFile.sweep(settings.out());
        if (asked != null && began.isPresent() && began.get() != asked) {
            throw new UserException(
                    "The experiment in %s began with sweep %s, not %s; leave it as it was, or choose another folder with --out."
                            .formatted(settings.out(), began.get().id(), asked.id()));
        }
        Optional<String> unable = withoutHalving();
        if (asked == SweepRule.HALVING && unable.isPresent()) {
            throw new UserException("--sweep halving is not possible %s; choose --sweep full.".formatted(unable.get()));
        }
        if (asked != null) {
            return asked;
        }
        return began.orElse(unable.isPresent() ? SweepRule.FULL : SweepRule.HALVING);
    }

    /** Returns the reason why runs cannot stop for a comparison and be resumed, in words that follow "not possible". */
    private Optional<String> withoutHalving() {
        TrainingSettings training = settings.training();
        if (onCluster) {
            return Optional.of("on a cluster, whose jobs run to their end");
        }
        return training.get(RunSettings.KEEP_BEST)
                        || training.values().find(RunSettings.PATIENCE).isPresent()
                ? Optional.of("with --keep-best or --patience, which would follow its evaluations")
                : Optional.empty();
    }
}
