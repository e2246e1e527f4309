package org.layerwise.gui.engine;

import org.jspecify.annotations.Nullable;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunHistory;
import org.layerwise.run.TrainingSummary;

/**
 * A run as it was read from its folder.
 *
 * @param summary summary of the training; null before the run has ended
 * @param checkpoint true if there is a checkpoint to resume from
 * @param resumable true if the run can be resumed
 * @param place name of the cluster that the run is on; empty if the run uses this computer
 * @param memoryOf subject of the peak memory
 */
public record RunRecord(
        Run run,
        RunHistory history,
        @Nullable TrainingSummary summary,
        boolean checkpoint,
        boolean resumable,
        String place,
        PeakMemorySource memoryOf) {

    /**
     * Reads all events of a run so far. Blocks.
     *
     * @throws org.layerwise.base.UserException if a file of the run is broken
     */
    static RunRecord read(Run run) {
        return new RunRecord(
                run,
                run.history(),
                run.summary().orElse(null),
                run.hasCheckpoint(),
                run.resumable(),
                run.place().orElse(""),
                PeakMemorySource.of(run));
    }
}
