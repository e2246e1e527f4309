package org.layerwise.gui.compare;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;

/** A subject that can be chosen for the comparison. */
public final class Candidate {

    private final Subject subject;
    private final BooleanProperty chosen;

    Candidate(Subject subject, boolean chosen) {
        this.subject = subject;
        this.chosen = new SimpleBooleanProperty(chosen);
    }

    /** What it is. */
    public Subject subject() {
        return subject;
    }

    /** Whether it is compared. */
    public BooleanProperty chosenProperty() {
        return chosen;
    }
}
