package org.layerwise.study;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;

/**
 * How layers are compared and which are proposed.
 *
 * @param position the token that stands for an example; null for the family's default
 * @param ratio share of the layers to select, above 0 and at most 1
 * @param undefined what happens to layers without an importance
 * @param name of the task in files; null for the data's
 * @param measures at least one; layers are proposed by the first
 * @param options of the measures
 * @param bootstrap replicates that say how far the result can be trusted; 0 for none
 * @param permutations of the baseline of unrelated data; 0 for none
 * @param seed of everything that is drawn
 */
public record AnalysisSettings(
        @Nullable Position position,
        double ratio,
        UndefinedLayers undefined,
        @Nullable String name,
        List<Measure> measures,
        MeasureOptions options,
        int bootstrap,
        int permutations,
        long seed) {

    /** The share of layers that is selected when nothing is said. */
    public static final double DEFAULT_RATIO = 0.5;

    /** The fewest draws of which a 95 % interval can be told. */
    public static final int FEWEST_DRAWS = 20;

    /** The most draws: more cost time and change nothing. */
    public static final int MOST_DRAWS = 100_000;

    /** The seed when nothing is said. */
    public static final long DEFAULT_SEED = 42;

    public AnalysisSettings {
        measures = List.copyOf(measures);
        if (measures.isEmpty()) {
            throw new IllegalArgumentException("an analysis needs a measure");
        }
    }

    /** Linear CKA alone. */
    public AnalysisSettings(
            @Nullable Position position, double ratio, UndefinedLayers undefined, @Nullable String name) {
        this(
                position,
                ratio,
                undefined,
                name,
                List.of(Measure.LINEAR_CKA),
                MeasureOptions.DEFAULTS,
                0,
                0,
                DEFAULT_SEED);
    }

    public static AnalysisSettings defaults() {
        return new AnalysisSettings(null, DEFAULT_RATIO, UndefinedLayers.EXCLUDE, null);
    }

    /** Returns these settings without a name of their own for the task, which takes that of the data. */
    public AnalysisSettings unnamed() {
        return new AnalysisSettings(position, ratio, undefined, null, measures, options, bootstrap, permutations, seed);
    }

    /** The same with other measures. */
    public AnalysisSettings with(List<Measure> others) {
        return new AnalysisSettings(position, ratio, undefined, name, others, options, bootstrap, permutations, seed);
    }
}
