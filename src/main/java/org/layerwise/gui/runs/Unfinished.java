package org.layerwise.gui.runs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.RunRecord;

/**
 * What has become of runs that had not ended.
 *
 * @param resumable those that can go on
 * @param there those that go on on a cluster
 * @param gone those that have ended since, or are no longer there
 */
record Unfinished(List<RunRecord> resumable, List<RunRecord> there, List<Path> gone) {

    /** Looks at their folders. Blocks. One that another window works at is neither. */
    static Unfinished look(Engine engine, List<Path> folders) {
        List<RunRecord> resumable = new ArrayList<>();
        List<RunRecord> there = new ArrayList<>();
        List<Path> gone = new ArrayList<>();
        for (Path folder : folders) {
            try {
                RunRecord read = engine.run(folder);
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
        return new Unfinished(resumable, there, gone);
    }
}
