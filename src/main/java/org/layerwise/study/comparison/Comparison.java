package org.layerwise.study.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.agreement.Consensus;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.analysis.agreement.SelectionOverlap;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.Locks;
import org.layerwise.selection.Rule;
import org.layerwise.study.Analysis;
import org.layerwise.study.MeasureResult;
import org.layerwise.study.Versions;

/**
 * Rankings of the layers of one model, or of models with as many layers, beside each other: every measure of every analysis
 * is one.
 *
 * @param rows at least one
 * @param ratio share of the layers that each ranking selects, above 0 and at most 1
 * @param undefined what happens to layers without importance
 */
public record Comparison(List<Row> rows, double ratio, UndefinedLayers undefined) {

    /**
     * One ranking.
     *
     * @param label {@code task · measure}, with the model and its adapter in front where that is needed to tell it from the others
     * @param proposed the layers that the comparison's ratio selects
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
     * Puts all results of all analyses beside each other.
     *
     * @throws UserException if two models have different numbers of layers; it names both
     */
    public static Comparison of(List<Analysis> analyses, double ratio, UndefinedLayers undefined) {
        return of(analyses, List.of(Measure.values()), ratio, undefined);
    }

    /**
     * Puts the results of some measures beside each other.
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
                            result.importance(), new Rule.TopRatio(ratio), Locks.none(), undefined);
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

    /** Why the rankings of analyses cannot be compared, in one sentence: two have different numbers of layers. */
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
     * The sentence on analyses that were computed with other numbers of threads or other instruction sets, on which the last
     * digits of every result depend; empty where both are alike or not known.
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

    /** The values under a name, in the order of the analyses, if there are several. */
    private Optional<String> different(String name) {
        List<String> values = rows.stream()
                .map(row -> row.analysis().versions().get(name))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return values.size() > 1 ? Optional.of(String.join(", ", values)) : Optional.empty();
    }

    /** M, the number of layers. */
    public int layers() {
        return rows.get(0).importance().layers();
    }

    /** The names of the rankings. */
    public List<String> labels() {
        return rows.stream().map(Row::label).toList();
    }

    /** The rank of a layer in a ranking, 1 for the most important; empty where it is left out. */
    public Optional<Integer> rank(Row row, int layer) {
        int at = row.importance().ranking(undefined).indexOf(layer);
        return at < 0 ? Optional.empty() : Optional.of(at + 1);
    }

    /** How alike two rankings are. */
    public RankCorrelation correlation(Row first, Row second) {
        return RankCorrelation.of(first.importance(), second.importance());
    }

    /** How many layers two rankings select both. */
    public SelectionOverlap overlap(Row first, Row second) {
        return SelectionOverlap.of(first.proposed().layers(), second.proposed().layers());
    }

    /** Kendall's tau-b of all pairs of rankings; not a number where there is none. */
    public double[][] kendall() {
        return pairs((first, second) -> correlation(first, second).kendall().orElse(Double.NaN));
    }

    /** Spearman's rho of all pairs of rankings; not a number where there is none. */
    public double[][] spearman() {
        return pairs((first, second) -> correlation(first, second).spearman().orElse(Double.NaN));
    }

    /** The share of the smaller selection that the other holds too, of all pairs of rankings. */
    public double[][] overlaps() {
        return pairs((first, second) -> overlap(first, second).share());
    }

    /** Layers that both select by those that either does, of all pairs of rankings. */
    public double[][] jaccard() {
        return pairs((first, second) -> overlap(first, second).jaccard());
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

    /** How many rankings select each layer. */
    public List<Integer> votes() {
        return Consensus.votes(rows.stream().map(row -> row.proposed().layers()).toList(), layers());
    }

    /** The score of each layer over all rankings, 0 to 1. */
    public LayerImportance consensus() {
        List<LayerImportance> known = rows.stream()
                .map(Row::importance)
                .filter(importance -> IntStream.range(0, importance.layers())
                        .anyMatch(layer -> importance.of(layer).isPresent()))
                .toList();
        // a ranking of no layer says nothing, and would only move all scores towards a half
        return Consensus.of(known.isEmpty() ? List.of(rows.get(0).importance()) : known, undefined);
    }

    /** The layers that the ratio selects by the consensus. */
    public LayerSelection consensusSelection() {
        return LayerSelector.select(consensus(), new Rule.TopRatio(ratio), Locks.none(), undefined);
    }

    /** Whether two rankings have a difference: similarities of all pairs, of the same measure. */
    public static boolean comparable(Row first, Row second) {
        return first.measure() == second.measure()
                && first.result().matrix().isPresent()
                && second.result().matrix().isPresent();
    }

    /** The first two rankings that have a difference. */
    public Optional<List<Row>> firstComparable() {
        return IntStream.range(0, rows.size())
                .boxed()
                .flatMap(i -> rows.subList(i + 1, rows.size()).stream()
                        .filter(second -> comparable(rows.get(i), second))
                        .map(second -> List.of(rows.get(i), second)))
                .findFirst();
    }

    /**
     * The similarities of the first less those of the second; undefined where one of them is.
     *
     * @throws UserException if they are not of the same measure, or one has no similarities of all pairs
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

    /** The largest difference, for a scale of colours; 0 where nothing is defined. */
    public static double reach(SimilarityMatrix difference) {
        return IntStream.range(0, difference.rows() * difference.columns())
                .mapToDouble(cell -> Math.abs(difference
                        .value(cell / difference.columns(), cell % difference.columns())
                        .orElse(0)))
                .max()
                .orElse(0);
    }
}
