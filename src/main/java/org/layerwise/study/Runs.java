package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.training.TrainingListener;

/**
 * Several runs, here one after another or on a cluster. One that is finished is left as it is, one that was cut off goes on, and one
 * that breaks does not keep the others from their turn.
 */
public interface Runs {

    /**
     * A run to come.
     *
     * @param out its folder
     */
    record Planned(Path out, ModelSettings model, DataSettings data, TrainingSettings settings) {}

    /**
     * How a run ended.
     *
     * @param summary empty if it broke
     * @param reason why it broke; empty if it did not
     */
    record Ended(Planned run, Optional<TrainingSummary> summary, String reason) {}

    /** Hears of the runs, on the thread that works. */
    interface Listener {

        /** A run begins; what it tells goes to the listener that is given back. */
        TrainingListener begins(Planned run);

        /** A run has come to an end. */
        void ended(Ended ended);
    }

    /**
     * Puts a run at the end.
     *
     * @throws org.layerwise.base.UserException if its folder cannot be written
     */
    void add(Planned run);

    /**
     * Runs all of them.
     *
     * @param pause holds up the run in hand
     * @return how each ended, in their order; when it is cancelled those that had begun
     */
    List<Ended> run(Pause pause, Progress progress, Listener listener);
}
