package org.layerwise.gui.engine;

import org.jspecify.annotations.Nullable;
import org.layerwise.study.Run;
import org.layerwise.study.RunHistory;
import org.layerwise.study.TrainingSummary;

/**
 * A run as it was read from its folder.
 *
 * @param summary null before it has ended
 * @param checkpoint whether there is one to go on from
 * @param resumable whether it may go on
 * @param place the cluster that it is on, by its name; empty if it is done here
 */
public record RunRecord(
        Run run,
        RunHistory history,
        @Nullable TrainingSummary summary,
        boolean checkpoint,
        boolean resumable,
        String place) {

    /**
     * Reads all that a run has told so far. Blocks.
     *
     * @throws org.layerwise.base.UserException if a file of it is broken
     */
    static RunRecord read(Run run) {
        return new RunRecord(
                run,
                run.history(),
                run.summary().orElse(null),
                run.hasCheckpoint(),
                run.resumable(),
                run.place().orElse(""));
    }
}
