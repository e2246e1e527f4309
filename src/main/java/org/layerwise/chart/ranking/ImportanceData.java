package org.layerwise.chart.ranking;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.SelectionShares;

/**
 * Importance of the layers, or of the linear maps, by one measure with its uncertainty, as charts and tables show it.
 *
 * @param name axis name of the measure, for example {@code CKA} or {@code gradient norm}
 * @param importance importance of each layer
 * @param uncertainty uncertainty from resampling; null without resampling
 * @param baseline importance of unrelated data from permutations; null without permutations
 * @param shares share of the resamples that select each layer, with the rule; null for that of the uncertainty
 * @param kinds kinds of the layers, as far as they differ
 * @param names names of the linear maps whose importance stands in place of that of layers; empty for layers
 */
public record ImportanceData(
        String name,
        LayerImportance importance,
        @Nullable Uncertainty uncertainty,
        @Nullable UnrelatedSimilarity baseline,
        @Nullable SelectionShares shares,
        LayerKinds kinds,
        List<String> names) {

    /** @throws IllegalArgumentException if there are names, but not one for each value */
    public ImportanceData {
        names = List.copyOf(names);
        if (!names.isEmpty() && names.size() != importance.layers()) {
            throw new IllegalArgumentException(
                    "%s names of %s linear maps".formatted(names.size(), importance.layers()));
        }
    }

    /** Creates data whose shares are those of the uncertainty. */
    public ImportanceData(
            String name,
            LayerImportance importance,
            @Nullable Uncertainty uncertainty,
            @Nullable UnrelatedSimilarity baseline) {
        this(name, importance, uncertainty, baseline, null, LayerKinds.NONE, List.of());
    }

    /** Creates the data of a known measure, named by its short name. */
    public static ImportanceData of(
            Measure measure,
            LayerImportance importance,
            @Nullable Uncertainty uncertainty,
            @Nullable UnrelatedSimilarity baseline) {
        return new ImportanceData(measure.shortName(), importance, uncertainty, baseline);
    }

    /**
     * Returns data of the most important linear maps, the most important one first.
     *
     * @param title name of the values
     * @param most maximum number of linear maps
     */
    public static ImportanceData of(ModuleImportance modules, String title, int most) {
        List<ModuleImportance.Module> ranking =
                modules.ranking().stream().limit(most).toList();
        Map<String, String> labels = modules.labels();
        return new ImportanceData(
                title,
                LayerImportance.ofScores(ranking.stream()
                        .map(module -> (Similarity) new Similarity.Value(module.value()))
                        .toList()),
                null,
                null,
                null,
                LayerKinds.NONE,
                ranking.stream()
                        .map(module -> "%s · %s".formatted(module.layer(), labels.get(module.type())))
                        .toList());
    }

    /** Returns the axis title: {@code 1 − CKA}, or the name of a measure that is not a similarity. */
    public String quantity() {
        return importance.ofSimilarity() ? "1 − " + name : name;
    }

    /** Returns the interval of a layer's importance, if known. */
    public Optional<Interval> interval(int layer) {
        return Optional.ofNullable(uncertainty).flatMap(known -> known.interval(layer));
    }

    /** Returns this data with other shares of the resamples that select each layer. */
    public ImportanceData with(@Nullable SelectionShares others) {
        return new ImportanceData(name, importance, uncertainty, baseline, others, kinds, names);
    }

    /** Returns this data with the kinds of the layers. */
    public ImportanceData with(LayerKinds known) {
        return new ImportanceData(name, importance, uncertainty, baseline, shares, known, names);
    }

    /** Returns the rule that selects in every resample, in words that follow "by"; empty if it is not known. */
    String rule() {
        return shares == null ? "" : shares.words();
    }

    /**
     * Returns the probability that the layer is selected, from 0 to 1, if known. A layer without importance that no
     * resample selects has none.
     */
    public OptionalDouble selected(int layer) {
        if (uncertainty == null || uncertainty.selected().isEmpty()) {
            return OptionalDouble.empty();
        }
        double share = (shares == null ? uncertainty.selected() : shares.shares()).get(layer);
        return importance.of(layer).isPresent() || share > 0 ? OptionalDouble.of(share) : OptionalDouble.empty();
    }

    /**
     * Returns the importance of the layer with unrelated data, if known: 1 minus the mean similarity over the
     * permutations.
     */
    public OptionalDouble unrelated(int layer) {
        Optional<UnrelatedSimilarity.Level> level =
                Optional.ofNullable(baseline).flatMap(known -> known.of(layer));
        return level.isPresent() ? OptionalDouble.of(1 - level.get().mean()) : OptionalDouble.empty();
    }
}
