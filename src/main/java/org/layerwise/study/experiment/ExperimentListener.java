package org.layerwise.study.experiment;

import org.layerwise.study.training.Runs;
import org.layerwise.training.TrainingListener;

/** Listener to an experiment. Its methods are called on the working thread. */
public interface ExperimentListener {

    /** Called with a remark for people. */
    default void noted(String remark) {}

    /**
     * Called before a run begins.
     *
     * @param number number of the run in the experiment, from 1
     * @param of total number of runs
     * @return listener to the steps of the run
     */
    default TrainingListener begins(Cell cell, int number, int of) {
        return TrainingListener.none();
    }

    /** Called when a run has ended, now or in an earlier session. */
    default void ended(Cell cell, Runs.Ended ended) {}

    /** Called when a run is there that needs no training: an equal one was trained, or its adapter is a part of another one. */
    default void made(Cell cell, Runs.Ended run) {
        ended(cell, run);
    }

    /** Returns a listener that does nothing. */
    static ExperimentListener none() {
        return new ExperimentListener() {};
    }
}
