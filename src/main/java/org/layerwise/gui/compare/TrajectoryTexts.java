package org.layerwise.gui.compare;

import org.layerwise.study.comparison.TrajectoryQuantity;

/** Keys of the texts of the quantities over a training. */
final class TrajectoryTexts {

    private TrajectoryTexts() {}

    /** Returns the key of the name of a quantity in a choice. */
    static String choice(TrajectoryQuantity quantity) {
        return switch (quantity) {
            case IMPORTANCE -> "trajectory.quantity.importance";
            case SIMILARITY_TO_FIRST -> "trajectory.quantity.first";
            case SIMILARITY_TO_LAST -> "trajectory.quantity.last";
        };
    }

    /** Returns the key of the title of the exported figure of a quantity. */
    static String figure(TrajectoryQuantity quantity) {
        return switch (quantity) {
            case IMPORTANCE -> "figure.trajectory";
            case SIMILARITY_TO_FIRST -> "figure.trajectory.first";
            case SIMILARITY_TO_LAST -> "figure.trajectory.last";
        };
    }
}
