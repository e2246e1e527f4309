package org.layerwise.study.comparison;

import org.layerwise.analysis.Measure;

/** Quantity of the layers that is followed over a training, as a map of layers against steps. */
public enum TrajectoryQuantity {
    /** Importance of each layer at each checkpoint. */
    IMPORTANCE("checkpoints"),
    /** Similarity of each layer's output to its output at the first checkpoint, on the same rows. */
    SIMILARITY_TO_FIRST("similarity-to-first"),
    /** Similarity of each layer's output to its output at the last checkpoint, on the same rows. */
    SIMILARITY_TO_LAST("similarity-to-last");

    private final String fileName;

    TrajectoryQuantity(String fileName) {
        this.fileName = fileName;
    }

    /** Returns the name of its table and its picture, without ending; also its key in {@code checkpoints.json}. */
    public String fileName() {
        return fileName;
    }

    /** Returns the name of the values by a measure. */
    public String title(Measure measure) {
        return switch (this) {
            case IMPORTANCE -> measure.importanceTitle();
            case SIMILARITY_TO_FIRST -> measure.shortName() + " to the first checkpoint";
            case SIMILARITY_TO_LAST -> measure.shortName() + " to the last checkpoint";
        };
    }
}
