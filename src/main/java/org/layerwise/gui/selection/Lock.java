package org.layerwise.gui.selection;

/** Lock of a layer, which decides on its selection before any rule. */
public enum Lock {
    NONE,
    ALWAYS,
    NEVER;

    /** Returns the lock that follows after a click. */
    public Lock next() {
        return values()[(ordinal() + 1) % values().length];
    }
}
