package org.layerwise.gui.session;

/** Lock of a layer, which decides on its selection before any rule. */
public enum LayerLock {
    NONE,
    ALWAYS,
    NEVER;

    /** Returns the lock that follows after a click. */
    public LayerLock next() {
        return values()[(ordinal() + 1) % values().length];
    }
}
