package org.layerwise.training;

/** Hears of a training as it goes, on the thread that trains. */
public interface TrainingListener {

    /** After each step. */
    void step(StepRecord step);

    /**
     * After an evaluation on held-out data.
     *
     * @param step the number of steps taken; 0 before training
     */
    void evaluated(int step, Evaluation evaluation);

    /**
     * A remark that people should see, one sentence.
     *
     * @param remark that the training goes on from a checkpoint, or may not fit into memory
     */
    default void noted(String remark) {
        // not everybody shows them
    }

    /**
     * After a checkpoint to resume from was written.
     *
     * @param step the number of steps taken
     */
    default void checkpointed(int step) {
        // not everybody shows them
    }

    /** A listener that does nothing. */
    static TrainingListener none() {
        return new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                // nobody listens
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // nobody listens
            }
        };
    }
}
