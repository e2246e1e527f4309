package org.layerwise.gui.compare;

import org.layerwise.study.comparison.TrajectoryMap;

/** Keys of the texts of the maps over a training. */
final class TrajectoryWords {

    private TrajectoryWords() {}

    /** Returns the key of the name of a map in a choice. */
    static String choice(TrajectoryMap map) {
        return switch (map) {
            case IMPORTANCE -> "trajectory.map.importance";
            case SIMILARITY_TO_FIRST -> "trajectory.map.first";
            case SIMILARITY_TO_LAST -> "trajectory.map.last";
        };
    }

    /** Returns the key of the title of the exported figure of a map. */
    static String figure(TrajectoryMap map) {
        return switch (map) {
            case IMPORTANCE -> "figure.trajectory";
            case SIMILARITY_TO_FIRST -> "figure.trajectory.first";
            case SIMILARITY_TO_LAST -> "figure.trajectory.last";
        };
    }
}
