package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.Run;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunIdentity;
import org.layerwise.run.RunState;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.training.PlannedTraining;

/**
 * Run that an earlier start of an experiment, or another program, left in the folder of a cell.
 *
 * @param folder folder of the cell, which need not contain a run
 */
record ExistingCellRun(Path folder) {

    private static final String WAY_OUT =
            "delete that folder, and it is run again, or choose another folder with --out";

    /**
     * Requires that the run trains the layers of its cell. An earlier version drew random layers by another rule, and
     * an analysis may have been repeated.
     *
     * @throws UserException if the run began with other layers
     */
    void requireLayers(Cell cell, SortedSet<Integer> layers) {
        if (!Run.isRun(folder)) {
            return;
        }
        SortedSet<Integer> there = Run.open(folder).layers();
        boolean began = !there.isEmpty();
        if (began && !there.equals(layers)) {
            throw new UserException(
                    "The run in %s has adapters on layers %s, but \"%s\" with seed %s are layers %s now%s; delete that folder, and it is run again, or choose another folder with --out."
                            .formatted(
                                    folder,
                                    LayerList.format(there),
                                    cell.arm().words(),
                                    cell.seed(),
                                    LayerList.format(layers),
                                    cell.arm().choice() == LayerChoice.Plain.RANDOM
                                            ? " (earlier versions drew them by another rule)"
                                            : ""));
        }
    }

    /**
     * Requires that the run is the one that the experiment would train. Someone may have trained another run into the
     * folder, and its results would be reported as those of the cell.
     *
     * @param plan training of the experiment
     * @throws UserException if the run began with other settings, rows, labels or weights
     */
    void requireSame(PlannedTraining plan, TrainingSettings training, Progress progress) {
        if (!Run.isRun(folder) || Run.open(folder).config().isEmpty()) {
            return;
        }
        RunIdentity whole = plan.identity(progress);
        RunIdentity now = training.test() == null ? whole.withoutTest() : whole;
        RunIdentity began = Run.open(folder).identity();
        if (began.weights().isKnown()
                && now.weights().isKnown()
                && !began.weights().isSame(now.weights())) {
            throw changed("the weights of %s".formatted(plan.model().card().name()));
        }
        began.changedRows(now).ifPresent(what -> {
            throw changed(what);
        });
        String dtype = plan.model().card().dtype();
        Map<String, Object> flags = RunConfig.resumed(folder, plan.flags(folder, training), dtype);
        RunConfig.difference(folder, flags).ifPresent(found -> {
            throw new UserException(
                    "The run in %s has %s as the experiment; %s.".formatted(folder, found.words(), WAY_OUT));
        });
        Run.open(folder).dtype().filter(type -> !type.equals(dtype)).ifPresent(type -> {
            throw new UserException(
                    "The run in %s has computed in %s, but the experiment computes in %s here; continue it on the kind of device that it began on (--device), or choose another folder with --out."
                            .formatted(folder, type, dtype));
        });
    }

    private UserException changed(String what) {
        return new UserException(
                "The run in %s does not fit the experiment: %s have changed since it began; put them back, or %s."
                        .formatted(folder, what, WAY_OUT));
    }

    /**
     * Deletes the predictions of a run that will be resumed or started again, since they would no longer belong to it.
     *
     * @throws UserException if they cannot be deleted
     */
    void deleteOldPredictions() {
        if (!Run.isRun(folder) || Run.open(folder).state() != RunState.FINISHED) {
            ExistingRun.deletePredictions(folder);
        }
    }

    /**
     * Requires that a run on a cluster starts from the same model as the other runs. The cluster may have a different
     * model under another name.
     *
     * @param sent function that returns the name of the model that the run of a folder was sent with, if it is a
     *     different one
     * @throws UserException if the model is a different one
     */
    void requireModel(Function<Path, Optional<String>> sent) {
        Optional<String> other = Run.isRun(folder) && Run.isRemote(folder) ? sent.apply(folder) : Optional.empty();
        if (other.isPresent()) {
            throw new UserException(
                    "The run in %s was sent with the model %s there, and others would learn from another one; name the same model with --model-there, or choose another folder with --out."
                            .formatted(folder, other.get()));
        }
    }
}
