package org.layerwise.gui.selection;

/** Whether a layer's fate is decided before any rule looks at it. */
public enum Lock {
    NONE,
    ALWAYS,
    NEVER;

    /** The one that a click leads to. */
    public Lock next() {
        return values()[(ordinal() + 1) % values().length];
    }
}
