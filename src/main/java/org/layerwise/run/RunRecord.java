package org.layerwise.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Run as it was read from its folder, with all events so far.
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
     * Reads the run in a folder.
     *
     * @throws org.layerwise.base.UserException if there is no run in the folder, or one of its files is broken
     */
    public static RunRecord read(Path folder) {
        return of(Run.open(folder));
    }

    /**
     * Reads all events of a run.
     *
     * @throws org.layerwise.base.UserException if a file of the run is broken
     */
    public static RunRecord of(Run run) {
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
