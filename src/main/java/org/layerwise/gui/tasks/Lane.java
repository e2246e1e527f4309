package org.layerwise.gui.tasks;

/** Queue for a kind of work. */
public enum Lane {
    /** Work that needs the model or much memory; one piece at a time. */
    HEAVY,
    /** Short work with files, which does not wait for heavy work; one piece at a time. */
    LIGHT,
    /** Short work with files that is not listed, because nobody waits for it. Shares the queue of {@link #LIGHT}. */
    QUIET,
    /** Work that mostly waits for another machine; all pieces run at the same time. */
    NETWORK,
    /**
     * Watching a job on another machine; all pieces run at the same time. The job continues when the watching ends, so
     * nothing is lost.
     */
    WATCH
}
