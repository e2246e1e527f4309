package org.layerwise.chart;

import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.uncertainty.Baseline;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;

/**
 * What a measure says of each layer and how far that can be trusted, as charts and tables show it.
 *
 * @param name of the measure on an axis, for example {@code CKA} or {@code gradient norm}
 * @param uncertainty null where nothing was resampled
 * @param baseline null where nothing was permuted
 */
public record ImportanceData(
        String name, LayerImportance importance, @Nullable Uncertainty uncertainty, @Nullable Baseline baseline) {

    /** Of a measure that is known. */
    public static ImportanceData of(
            Measure measure,
            LayerImportance importance,
            @Nullable Uncertainty uncertainty,
            @Nullable Baseline baseline) {
        return new ImportanceData(measure.shortName(), importance, uncertainty, baseline);
    }

    /** What an axis says: {@code 1 − CKA}, or the name of a measure that is no similarity. */
    public String quantity() {
        return importance.ofSimilarity() ? "1 − " + name : name;
    }

    /** The interval of a layer's importance, where there is one. */
    public Optional<Interval> interval(int layer) {
        return Optional.ofNullable(uncertainty).flatMap(known -> known.interval(layer));
    }

    /** How probable it is that the layer is selected, 0 to 1. */
    public OptionalDouble selected(int layer) {
        return uncertainty == null
                        || uncertainty.selected().isEmpty()
                        || uncertainty.interval(layer).isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(uncertainty.selected().get(layer));
    }

    /** The importance that unrelated data would give the layer: 1 less the similarity's mean over permutations. */
    public OptionalDouble unrelated(int layer) {
        Optional<Baseline.Level> level = Optional.ofNullable(baseline).flatMap(known -> known.of(layer));
        return level.isPresent() ? OptionalDouble.of(1 - level.get().mean()) : OptionalDouble.empty();
    }
}
