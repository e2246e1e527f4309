package org.layerwise.study.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.TrainingListener;

/**
 * Several runs, executed one after another on this computer, or on a cluster. A finished run is left unchanged, an
 * interrupted run is resumed, and a failed run does not stop the others.
 */
public interface Runs {

    /**
     * Run that has not been started.
     *
     * @param out folder of the run
     */
    record Planned(Path out, ModelSettings model, DataSettings data, TrainingSettings settings) {}

    /**
     * Result of a run.
     *
     * @param summary summary of the run; empty if the run failed
     * @param reason reason of the failure; empty if the run did not fail
     */
    record Ended(Planned run, Optional<TrainingSummary> summary, String reason) {}

    /** Listener for the runs. Its methods are called on the working thread. */
    interface Listener {

        /** Receives a run before it starts, and returns the listener for its training. */
        TrainingListener begins(Planned run);

        /** Receives the result of a run. */
        void ended(Ended ended);
    }

    /**
     * Adds a run to the end of the queue.
     *
     * @throws org.layerwise.base.UserException if the folder of the run cannot be written
     */
    void add(Planned run);

    /**
     * Executes all runs.
     *
     * @param pause pauses the current run
     * @return the results of all runs, in their order; if cancelled, only those of the runs that were started
     */
    List<Ended> run(PauseSwitch pause, Progress progress, Listener listener);
}
