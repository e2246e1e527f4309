package org.layerwise.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Work between the steps of a training, on the thread that trains: evaluations and checkpoints. */
public interface TrainerCallback {

    /**
     * Position of a training.
     *
     * @param step number of completed steps
     * @param totalSteps total number of steps
     * @param endOfEpoch true if the step was the last of a pass over the data
     */
    record Place(int step, int totalSteps, boolean endOfEpoch) {

        /** Returns true if the step was the last. */
        public boolean last() {
            return step == totalSteps;
        }
    }

    /**
     * Runs after each step.
     *
     * @param state copies the state with which the training can resume after this step
     * @return true if the training continues
     */
    boolean after(Place place, Supplier<TrainerState> state);

    /**
     * Runs after the training was asked to stop, in or after a step; the unfinished step is not part of the state.
     *
     * @param state copies the state with which the training can resume
     */
    void cancelled(Supplier<TrainerState> state);

    /** Returns the folder of the last checkpoint, which a message names if the next step fails. */
    Optional<Path> lastCheckpoint();
}
