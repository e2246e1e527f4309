package org.layerwise.gui.tasks;

/** Where work queues up. */
public enum Lane {
    /** Work that needs the model or much memory: one at a time. */
    HEAVY,
    /** Small work with files, which need not wait for the heavy one. */
    LIGHT,
    /** Small work with files that nobody waits for: it is not listed. In turn with the light work. */
    QUIET,
    /** Work that mostly waits for another machine: all at once. */
    NETWORK,
    /** Looking on while another machine works, which goes on without it: all at once, and nothing is lost when it ends. */
    WATCH
}
