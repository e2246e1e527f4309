package org.layerwise.study.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.agreement.Consensus;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.analysis.agreement.SelectionOverlap;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.model.Versions;

/**
 * Comparison of layer rankings of one model, or of models with the same number of layers. Each measure of each analysis
 * gives one ranking.
 *
 * @param rows rankings, at least one
 * @param ratio share of the layers that each ranking selects, above 0 and at most 1
 * @param undefined treatment of layers without an importance
 */
public record Comparison(List<Row> rows, double ratio, UndefinedLayers undefined) {

    /**
     * Ranking of the layers by one measure of one analysis.
     *
     * @param label {@code task · measure}, preceded by the model and its adapter if the shorter label would not be
     *     unique
     * @param analysis analysis of the ranking
     * @param result result of the measure
     * @param proposed layers that the comparison's ratio selects
     */
    public record Row(String label, Analysis analysis, MeasureResult result, LayerSelection proposed) {

        public Measure measure() {
            return result.measure();
        }

        public LayerImportance importance() {
            return result.importance();
        }
    }

    public Comparison {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a comparison of nothing");
        }
    }

    /**
     * Compares the results of certain measures.
     *
     * @throws UserException if two models have different numbers of layers, or no analysis has such a measure
     */
    public static Comparison of(
            List<Analysis> analyses, List<Measure> measures, double ratio, UndefinedLayers undefined) {
        differentLayers(analyses).ifPresent(sentence -> {
            throw new UserException(sentence);
        });
        List<Row> rows = new ArrayList<>();
        List<String> labels = ComparisonLabels.of(analyses, measures);
        for (Analysis analysis : analyses) {
            for (MeasureResult result : analysis.results()) {
                if (measures.contains(result.measure())) {
                    LayerSelection proposed = LayerSelector.select(
                            result.importance(), new SelectionRule.TopRatio(ratio), LayerLocks.none(), undefined);
                    rows.add(new Row(labels.get(rows.size()), analysis, result, proposed));
                }
            }
        }
        if (rows.isEmpty()) {
            throw new UserException("None of the analyses has the measure %s; they have %s."
                    .formatted(
                            String.join(", ", measures.stream().map(Measure::id).toList()),
                            String.join(
                                    ", ",
                                    analyses.stream()
                                            .flatMap(analysis -> analysis.results().stream())
                                            .map(result -> result.measure().id())
                                            .distinct()
                                            .toList())));
        }
        return new Comparison(rows, ratio, undefined);
    }

    /**
     * Returns a sentence about the first analysis whose number of layers differs from that of the first one; empty if
     * the rankings can be compared.
     */
    public static Optional<String> differentLayers(List<Analysis> analyses) {
        Analysis first = analyses.get(0);
        return analyses.stream()
                .filter(analysis -> analysis.layers() != first.layers())
                .findFirst()
                .map(other ->
                        "%s (%s) has %s layers and %s (%s) has %s; only rankings of as many layers can be compared."
                                .formatted(
                                        first.model(),
                                        first.task(),
                                        first.layers(),
                                        other.model(),
                                        other.task(),
                                        other.layers()));
    }

    /**
     * Returns a remark that names the settings of the representations, such as the position, that differ between
     * analyses; empty if all are equal or unknown.
     */
    public static Optional<String> differentSettings(List<Analysis> analyses) {
        return SettingDifferences.remark(analyses);
    }

    /** Returns the remark of {@link #differentSettings(List)} for the analyses of this comparison. */
    public Optional<String> differentSettings() {
        return differentSettings(rows.stream().map(Row::analysis).toList());
    }

    /**
     * Returns a warning if the analyses were computed with different numbers of threads or different instruction sets,
     * which affect the last digits of every result; empty if both are equal or unknown.
     */
    public Optional<String> differentArithmetic() {
        List<String> apart = new ArrayList<>();
        different(Versions.THREADS).ifPresent(values -> apart.add("numbers of threads (%s)".formatted(values)));
        different(Versions.INSTRUCTION_SET).ifPresent(values -> apart.add("instruction sets (%s)".formatted(values)));
        return apart.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "The analyses were computed with different %s, so their last digits may differ by rounding alone."
                                .formatted(String.join(" and ", apart)));
    }

    /**
     * Returns the different values of a version entry, in the order of the analyses; empty if there are fewer than two.
     */
    private Optional<String> different(String name) {
        List<String> values = rows.stream()
                .map(row -> row.analysis().versions().get(name))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return values.size() > 1 ? Optional.of(String.join(", ", values)) : Optional.empty();
    }

    /** Returns the number of layers, M. */
    public int layers() {
        return rows.get(0).importance().layers();
    }

    /** Returns the labels of the rankings. */
    public List<String> labels() {
        return rows.stream().map(Row::label).toList();
    }

    /**
     * Returns the rank of a layer in a ranking, 1 for the most important layer; empty if the ranking does not contain
     * the layer.
     */
    public Optional<Integer> rank(Row row, int layer) {
        int at = row.importance().ranking(undefined).indexOf(layer);
        return at < 0 ? Optional.empty() : Optional.of(at + 1);
    }

    /** Returns the rank correlation of two rankings. */
    public RankCorrelation correlation(Row first, Row second) {
        return RankCorrelation.of(first.importance(), second.importance());
    }

    /**
     * Returns the ceiling of the Spearman correlation of two rankings on rows of their own: the root of the product of their
     * reliabilities ({@link Reliability}); empty if one of them is not known.
     */
    public OptionalDouble ceiling(Row first, Row second) {
        Reliability one = first.result().reliability();
        Reliability other = second.result().reliability();
        double product = one == null || other == null ? Double.NaN : one.value() * other.value();
        return product >= 0 && product <= 1 ? OptionalDouble.of(Math.sqrt(product)) : OptionalDouble.empty();
    }

    /** Returns true if some pair of rankings has a {@link #ceiling}. */
    public boolean hasCeilings() {
        return rows.stream().filter(row -> row.result().reliability() != null).count() > 1;
    }

    /** Returns the overlap of the layers that two rankings select. */
    public SelectionOverlap overlap(Row first, Row second) {
        return SelectionOverlap.of(first.proposed().layers(), second.proposed().layers());
    }

    /** Returns Kendall's tau-b of all pairs of rankings, {@code [rankings, rankings]}; NaN where it is undefined. */
    public double[][] kendall() {
        return pairs((first, second) -> correlation(first, second).kendall().orElse(Double.NaN));
    }

    /** Returns Spearman's rho of all pairs of rankings, {@code [rankings, rankings]}; NaN where it is undefined. */
    public double[][] spearman() {
        return pairs((first, second) -> correlation(first, second).spearman().orElse(Double.NaN));
    }

    /**
     * Returns the share of the smaller selection's layers that the other selection also contains, for all pairs of
     * rankings, {@code [rankings, rankings]}.
     */
    public double[][] overlaps() {
        return pairs((first, second) -> overlap(first, second).share());
    }

    @FunctionalInterface
    private interface OfPair {
        double value(Row first, Row second);
    }

    private double[][] pairs(OfPair of) {
        return rows.stream()
                .map(first -> rows.stream()
                        .mapToDouble(second -> of.value(first, second))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** Returns the number of rankings that select each layer, in the order of the layers. */
    public List<Integer> votes() {
        return Consensus.votes(rows.stream().map(row -> row.proposed().layers()).toList(), layers());
    }

    /** Returns the consensus score of each layer over all rankings, 0 to 1. */
    public LayerImportance consensus() {
        List<LayerImportance> known = rows.stream()
                .map(Row::importance)
                .filter(importance -> IntStream.range(0, importance.layers())
                        .anyMatch(layer -> importance.of(layer).isPresent()))
                .toList();
        // a ranking without any importance carries no information, and would only move all scores towards 0.5
        return Consensus.of(known.isEmpty() ? List.of(rows.get(0).importance()) : known, undefined);
    }

    /** Returns the layers that the ratio selects by the consensus scores. */
    public LayerSelection consensusSelection() {
        return LayerSelector.select(consensus(), new SelectionRule.TopRatio(ratio), LayerLocks.none(), undefined);
    }

    /**
     * Returns true if the difference of two rankings' similarities is defined: both have the similarities of all pairs,
     * by the same measure.
     */
    public static boolean comparable(Row first, Row second) {
        return first.measure() == second.measure()
                && first.result().matrix().isPresent()
                && second.result().matrix().isPresent();
    }

    /** Returns the first two rankings that are comparable; empty if there are none. */
    public Optional<List<Row>> firstComparable() {
        return IntStream.range(0, rows.size())
                .boxed()
                .flatMap(i -> rows.subList(i + 1, rows.size()).stream()
                        .filter(second -> comparable(rows.get(i), second))
                        .map(second -> List.of(rows.get(i), second)))
                .findFirst();
    }

    /**
     * Returns the similarities of the first ranking minus those of the second; undefined where one of them is
     * undefined.
     *
     * @throws UserException if the similarities are not of the same measure, or one ranking has no similarities of all
     *     pairs
     */
    public SimilarityMatrix difference(Row first, Row second) {
        if (!comparable(first, second)) {
            throw new UserException("%s and %s have no difference; two heatmaps of the same measure are needed."
                    .formatted(first.label(), second.label()));
        }
        SimilarityMatrix a = first.result().matrix().orElseThrow();
        SimilarityMatrix b = second.result().matrix().orElseThrow();
        return new SimilarityMatrix(IntStream.range(0, a.size())
                .mapToObj(i -> IntStream.range(0, a.size())
                        .mapToObj(j -> difference(a.at(i, j), b.at(i, j)))
                        .toList())
                .toList());
    }

    private static Similarity difference(Similarity a, Similarity b) {
        if (a instanceof Similarity.Value first && b instanceof Similarity.Value second) {
            return new Similarity.Value(first.value() - second.value());
        }
        return a instanceof Similarity.Undefined ? a : b;
    }

    /** Returns the largest absolute difference, as the limit of a colour scale; 0 if no difference is defined. */
    public static double largestDifference(SimilarityMatrix difference) {
        return IntStream.range(0, difference.rows() * difference.columns())
                .mapToDouble(cell -> Math.abs(difference
                        .value(cell / difference.columns(), cell % difference.columns())
                        .orElse(0)))
                .max()
                .orElse(0);
    }
}
