package org.layerwise.study.experiment.rules;

import org.layerwise.study.experiment.statistics.StoppingRule;

/** Rule by which arms that are certainly worse than all layers stop before their last seed. */
public enum Stopping {
    /** No arm stops early. */
    NONE("none"),
    /** One look, after half of the planned seeds. */
    HALF(StoppingRule.ID);

    private final String id;

    Stopping(String id) {
        this.id = id;
    }

    /** Returns the name in settings and files. */
    public String id() {
        return id;
    }
}
