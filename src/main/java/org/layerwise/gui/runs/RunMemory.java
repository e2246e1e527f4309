package org.layerwise.gui.runs;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers on the disk, in the background, which runs have not ended. */
final class RunMemory {

    private static final Logger LOG = LoggerFactory.getLogger(RunMemory.class);

    private final RememberedRuns remembered;
    private final WorkQueue queue;

    RunMemory(RememberedRuns remembered, WorkQueue queue) {
        this.remembered = remembered;
        this.queue = queue;
    }

    /** Folders of those that have not ended, the oldest first. */
    List<Path> unfinished() {
        return remembered.unfinished();
    }

    /** A run is to be remembered. */
    void begun(Path folder) {
        begun(folder, () -> {});
    }

    /** @param alsoWrite is done behind it */
    void begun(Path folder, Runnable alsoWrite) {
        remembered.begun(folder);
        save(alsoWrite);
    }

    /** Runs need not be remembered any longer. */
    void ended(List<Path> folders) {
        folders.forEach(remembered::ended);
        save(() -> {});
    }

    /** @param alsoWrite is done behind it */
    void ended(Path folder, Runnable alsoWrite) {
        remembered.ended(folder);
        save(alsoWrite);
    }

    private void save(Runnable alsoWrite) {
        Runnable saving = remembered.saving();
        queue.submit(Work.quiet("", progress -> {
                    saving.run();
                    alsoWrite.run();
                    return "";
                })
                .whenFailed(thrown -> LOG.warn("A run is not remembered: {}", thrown.getMessage())));
    }
}
