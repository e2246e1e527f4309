package org.layerwise.gui.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Panes in the middle of the window, in the order of their tabs. */
public enum Pane {
    MODEL,
    DATA,
    ANALYSIS,
    STABILITY,
    COMPARE,
    TRAINING,
    RUNS,
    PREDICTIONS,
    EXPERIMENT;

    /** Returns the id of this pane in study files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the pane with an id; empty if there is none. */
    public static Optional<Pane> of(String id) {
        return Arrays.stream(values()).filter(pane -> pane.id().equals(id)).findFirst();
    }
}
