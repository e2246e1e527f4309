package org.layerwise.study.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.OptimiserSettings;

/**
 * Run that an earlier start of an experiment, or another program, left in the folder of a cell.
 *
 * @param folder folder of the cell, which need not contain a run
 */
record ExistingCellRun(Path folder) {

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
                                    cell.arm() == Arm.RANDOM ? " (earlier versions drew them by another rule)" : ""));
        }
    }

    /**
     * Requires that the run has the learning rate, the seed and the number of steps of its cell. Someone may have
     * trained another run into the folder, and its results would be reported as those of the cell.
     *
     * @throws UserException if the run began with other values
     */
    void requireSettings(TrainingSettings training) {
        if (!Run.isRun(folder)) {
            return;
        }
        Map<String, String> began = Run.open(folder).config();
        double rate = training.get(OptimiserSettings.LEARNING_RATE);
        requireFlag(began, "lr", rate, Decimals.shortest(rate));
        requireFlag(began, "seed", training.seed(), String.valueOf(training.seed()));
        training.values()
                .find(OptimiserSettings.STEPS)
                .ifPresent(steps -> requireFlag(began, "steps", steps, String.valueOf(steps)));
    }

    /**
     * Deletes the predictions of a run that will be resumed or started again, since they would no longer belong to it.
     *
     * @throws UserException if they cannot be deleted
     */
    void deleteOldPredictions() {
        try {
            if (!Run.isRun(folder) || Run.open(folder).state() != RunState.FINISHED) {
                Files.deleteIfExists(folder.resolve(Predictions.FILE));
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
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

    private void requireFlag(Map<String, String> began, String flag, double wanted, String words) {
        String there = began.get(flag); // null before the first step of the run
        if (there != null && !isNumber(there, wanted)) {
            throw new UserException(
                    "The run in %s has --%s %s, not %s as the experiment; delete that folder, and it is run again, or choose another folder with --out."
                            .formatted(folder, flag, there, words));
        }
    }

    private static boolean isNumber(String text, double number) {
        try {
            return Double.parseDouble(text) == number;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
