package org.layerwise.study.experiment;

import org.layerwise.study.Runs;
import org.layerwise.training.TrainingListener;

/** Hears of an experiment, on the thread that works. */
public interface ExperimentListener {

    /** Something that people should know. */
    void noted(String remark);

    /**
     * A run begins.
     *
     * @param number of the runs of the experiment, from 1
     * @param of how many there are in all
     * @return what hears of its steps
     */
    TrainingListener begins(Cell cell, int number, int of);

    /** A run has come to an end, now or at an earlier time. */
    void ended(Cell cell, Runs.Ended ended);

    /** Hears nothing. */
    static ExperimentListener none() {
        return new ExperimentListener() {
            @Override
            public void noted(String remark) {
                // nobody listens
            }

            @Override
            public TrainingListener begins(Cell cell, int number, int of) {
                return TrainingListener.none();
            }

            @Override
            public void ended(Cell cell, Runs.Ended ended) {
                // nobody listens
            }
        };
    }
}
