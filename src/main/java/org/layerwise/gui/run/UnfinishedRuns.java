package org.layerwise.gui.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.run.RunRecord;

/**
 * Current state of runs that had not ended.
 *
 * @param resumable runs that can be resumed
 * @param there runs that continue on a cluster
 * @param gone folders of runs that have ended or no longer exist
 */
record UnfinishedRuns(List<RunRecord> resumable, List<RunRecord> there, List<Path> gone) {

    /**
     * Reads the state of the runs from their folders. Blocks. Waiting runs and runs of another window are in none of
     * the lists.
     */
    static UnfinishedRuns look(List<Path> folders) {
        List<RunRecord> resumable = new ArrayList<>();
        List<RunRecord> there = new ArrayList<>();
        List<Path> gone = new ArrayList<>();
        for (Path folder : folders) {
            try {
                RunRecord read = RunRecord.read(folder);
                switch (read.run().state()) {
                    case INTERRUPTED, CANCELLED -> resumable.add(read);
                    case FINISHED, FAILED -> gone.add(folder);
                    case QUEUED -> {}
                    case RUNNING -> {
                        if (!read.place().isEmpty()) {
                            there.add(read);
                        }
                    }
                }
            } catch (UserException e) {
                gone.add(folder);
            }
        }
        return new UnfinishedRuns(resumable, there, gone);
    }
}
