package org.layerwise.study.evaluation;

import java.util.Locale;

/** Difference between the predictions of two classifiers for a row. The first of the two is the one that is compared with. */
public enum RowChange {
    /** Only the second predicts the label. */
    FIXED,
    /** Only the first predicts the label. */
    BROKEN,
    BOTH_RIGHT,
    BOTH_WRONG;

    static RowChange of(boolean firstRight, boolean secondRight) {
        if (firstRight) {
            return secondRight ? BOTH_RIGHT : BROKEN;
        }
        return secondRight ? FIXED : BOTH_WRONG;
    }

    /** Returns the name in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
