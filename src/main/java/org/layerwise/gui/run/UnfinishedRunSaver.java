package org.layerwise.gui.run;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves the list of unfinished runs to disk in the background. */
record UnfinishedRunSaver(UnfinishedRunStore remembered, WorkQueue queue) {

    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedRunSaver.class);

    /** Returns the folders of the unfinished runs, oldest first. */
    List<Path> unfinished() {
        return remembered.unfinished();
    }

    /** Adds a run that has started. */
    void begun(Path folder) {
        begun(folder, () -> {});
    }

    /**
     * Adds a run that has started.
     *
     * @param alsoWrite action that runs after the list was saved
     */
    void begun(Path folder, Runnable alsoWrite) {
        remembered.begun(folder);
        save(alsoWrite);
    }

    /** Removes runs that have ended. */
    void ended(List<Path> folders) {
        folders.forEach(remembered::ended);
        save(() -> {});
    }

    /**
     * Removes a run that has ended.
     *
     * @param alsoWrite action that runs after the list was saved
     */
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
