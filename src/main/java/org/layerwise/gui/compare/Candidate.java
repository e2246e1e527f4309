package org.layerwise.gui.compare;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;

/**
 * A subject that can be chosen for the comparison.
 *
 * @param chosenProperty property that is true if the subject is part of the comparison
 */
public record Candidate(Subject subject, BooleanProperty chosenProperty) {

    Candidate(Subject subject, boolean chosen) {
        this(subject, new SimpleBooleanProperty(chosen));
    }
}
