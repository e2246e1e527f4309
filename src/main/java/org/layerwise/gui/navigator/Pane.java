package org.layerwise.gui.navigator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The panes in the middle of the window, in the order of their tabs. */
public enum Pane {
    MODEL,
    DATA,
    ANALYSIS,
    STABILITY,
    COMPARE,
    TRAINING,
    RUNS;

    /** How study files name it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The pane of a name; empty if there is none. */
    public static Optional<Pane> of(String id) {
        return Arrays.stream(values()).filter(pane -> pane.id().equals(id)).findFirst();
    }
}
