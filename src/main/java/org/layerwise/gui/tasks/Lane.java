package org.layerwise.gui.tasks;

/** Where work queues up. */
public enum Lane {
    /** Work that needs the model or much memory: one at a time. */
    HEAVY,
    /** Small work with files, which need not wait for the heavy one. */
    LIGHT,
    /** Work that mostly waits for another machine: all at once. */
    NETWORK
}
