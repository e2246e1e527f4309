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

    /** Returns the subject. */
    public Subject subject() {
        return subject;
    }

    /** Property that is true if the subject is part of the comparison. */
    public BooleanProperty chosenProperty() {
        return chosen;
    }
}
