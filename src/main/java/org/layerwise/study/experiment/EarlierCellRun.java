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
import org.layerwise.base.WholeFiles;
import org.layerwise.selection.LayerList;
import org.layerwise.study.Run;
import org.layerwise.study.RunState;
import org.layerwise.study.TrainingSettings;
import org.layerwise.training.OptimiserSettings;

/**
 * The run that an earlier start of an experiment, or somebody else, left in the folder of a cell.
 *
 * @param folder may be without a run
 */
record EarlierCellRun(Path folder) {

    /**
     * Makes sure that the run trains the layers of its cell: an earlier version drew random layers by another rule, and an analysis may
     * have been made again.
     *
     * @throws UserException if it began with others
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
     * Makes sure that the run has the learning rate, the seed and the steps of its cell: somebody may have trained another one into the
     * folder, and its results would be reported as the cell's.
     *
     * @throws UserException if it began with others
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
     * Deletes predictions of a run that goes on or begins anew, which would no longer be its own.
     *
     * @throws UserException if they cannot be deleted
     */
    void deleteOldPredictions() {
        try {
            if (!Run.isRun(folder) || Run.open(folder).state() != RunState.FINISHED) {
                Files.deleteIfExists(folder.resolve(Predictions.FILE));
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }

    /**
     * Makes sure that a run on a cluster learns from the model of the others: a cluster may have another one under another name.
     *
     * @param sent names the model that a run was sent with, if it is another one
     * @throws UserException if it does not
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
        String there = began.get(flag); // null before its first step
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
