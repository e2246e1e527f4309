package org.layerwise.training;

import java.util.function.Consumer;

/** Receives the events of a training, on the thread that trains. */
public interface TrainingListener {

    /** Receives each completed step. */
    void step(StepRecord step);

    /**
     * Receives an evaluation on held-out rows.
     *
     * @param step number of completed steps; 0 before training
     */
    void evaluated(int step, Evaluation evaluation);

    /**
     * Receives a remark for the user, one sentence.
     *
     * @param remark for example that the training resumes from a checkpoint, or may not fit into memory
     */
    default void noted(String remark) {
        // optional: a listener may ignore remarks
    }

    /**
     * Receives the event that a checkpoint to resume from was written.
     *
     * @param step number of completed steps
     */
    default void checkpointed(int step) {
        // optional: a listener may ignore checkpoints
    }

    /** Returns a listener that does nothing. */
    static TrainingListener none() {
        return ofRemarks(remark -> {});
    }

    /** Returns a listener that receives remarks alone. */
    static TrainingListener ofRemarks(Consumer<String> remarks) {
        return new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                // ignored
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // ignored
            }

            @Override
            public void noted(String remark) {
                remarks.accept(remark);
            }
        };
    }
}
