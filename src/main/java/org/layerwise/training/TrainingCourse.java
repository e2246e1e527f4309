package org.layerwise.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** What is done between the steps of a training, on the thread that trains: evaluations and checkpoints. */
public interface TrainingCourse {

    /**
     * How far a training is.
     *
     * @param step how many were taken in full
     * @param totalSteps how many there will be
     * @param endOfEpoch whether the step was the last of a pass over the data
     */
    record Place(int step, int totalSteps, boolean endOfEpoch) {

        /** Whether it was the last step. */
        public boolean last() {
            return step == totalSteps;
        }
    }

    /**
     * After each step.
     *
     * @param state copies all that is needed to go on from here
     * @return whether the training goes on
     */
    boolean after(Place place, Supplier<TrainerState> state);

    /** The training was asked to stop, in or after a step; the unfinished one is not part of the state. */
    void cancelled(Supplier<TrainerState> state);

    /** The folder to go on from if the next step breaks. */
    Optional<Path> lastCheckpoint();
}
