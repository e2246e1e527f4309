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
