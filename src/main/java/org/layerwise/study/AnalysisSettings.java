package org.layerwise.study;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;

/**
 * How layers are compared and which are proposed.
 *
 * @param position the token that stands for an example; null for the family's default
 * @param ratio share of the layers to select, above 0 and at most 1
 * @param undefined what happens to layers without an importance
 * @param name of the task in files; null for the data's
 */
public record AnalysisSettings(
        @Nullable Position position, double ratio, UndefinedLayers undefined, @Nullable String name) {

    /** The share of layers that is selected when nothing is said. */
    public static final double DEFAULT_RATIO = 0.5;

    public static AnalysisSettings defaults() {
        return new AnalysisSettings(null, DEFAULT_RATIO, UndefinedLayers.EXCLUDE, null);
    }
}
