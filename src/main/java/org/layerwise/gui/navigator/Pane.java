package org.layerwise.gui.navigator;

/** The panes in the middle of the window, in the order of their tabs. */
public enum Pane {
    MODEL,
    DATA,
    ANALYSIS,
    STABILITY,
    COMPARE,
    TRAINING,
    RUNS
}
