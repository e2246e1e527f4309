package org.layerwise.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;

/** Values like those of real models: similar neighbours, a first state that is undefined. */
public final class ChartSamples {

    static final String REASON = "Every input starts with the same token, so this layer's input does not vary.";

    private ChartSamples() {}

    public static SimilarityMatrix matrix(int layers) {
        Random random = new Random(layers);
        double[] place = new double[layers + 1];
        for (int i = 1; i <= layers; i++) {
            place[i] = place[i - 1] + 0.15 + random.nextDouble() * (i % 5 == 0 ? 1.6 : 0.7);
        }
        List<List<Similarity>> rows = new ArrayList<>();
        for (int i = 0; i <= layers; i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j <= layers; j++) {
                double distance = Math.abs(place[i] - place[j]) * 8 / layers;
                row.add(
                        i == 0 || j == 0
                                ? new Similarity.Undefined(REASON)
                                : new Similarity.Value(i == j ? 1 : Math.exp(-0.8 * Math.pow(distance, 0.8))));
            }
            rows.add(row);
        }
        return new SimilarityMatrix(rows);
    }

    /** The states of two models. */
    public static SimilarityMatrix rectangle(int rows, int columns) {
        List<List<Similarity>> cells = new ArrayList<>();
        for (int i = 0; i <= rows; i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j <= columns; j++) {
                row.add(new Similarity.Value(Math.exp(-2 * Math.abs((double) i / rows - (double) j / columns))));
            }
            cells.add(row);
        }
        return new SimilarityMatrix(cells);
    }

    /** Signed values between -0.5 and 0.5. */
    static SimilarityMatrix difference(int layers) {
        List<List<Similarity>> cells = new ArrayList<>();
        for (int i = 0; i <= layers; i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j <= layers; j++) {
                row.add(new Similarity.Value(
                        i == j ? 0 : 0.5 * Math.sin((i + j) * 0.4) * Math.min(1, Math.abs(i - j) / 4.0)));
            }
            cells.add(row);
        }
        return new SimilarityMatrix(cells);
    }

    public static LayerImportance importance(int layers) {
        return LayerImportance.of(matrix(layers));
    }

    /** Intervals around the importances, wider for larger ones; the selection of the ratio is a little uncertain. */
    static Uncertainty uncertainty(int layers) {
        LayerImportance importance = importance(layers);
        List<Integer> ranking = importance.ranking(UndefinedLayers.EXCLUDE);
        List<@Nullable Interval> intervals = new ArrayList<>();
        List<Double> selected = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            if (importance.of(layer).isEmpty()) {
                intervals.add(null);
                selected.add(0.0);
                continue;
            }
            double value = importance.of(layer).getAsDouble();
            intervals.add(new Interval(value * 0.88, value * 1.07));
            selected.add(1 / (1 + Math.exp((ranking.indexOf(layer) + 0.5 - layers / 2.0) * 12 / layers)));
        }
        List<Uncertainty.OverlapAt> curve = new ArrayList<>();
        for (int samples = 16; samples <= 512; samples *= 2) {
            double overlap = 1 - 1.4 / Math.sqrt(samples + 10);
            curve.add(new Uncertainty.OverlapAt(
                    samples, overlap, overlap - 2.0 / Math.sqrt(samples + 20), Math.min(1, overlap + 0.1)));
        }
        return new Uncertainty(1000, 0.95, 42, IntervalKind.DEBIASED, intervals, selected, 0.93, curve);
    }

    /** Similarities of unrelated data, all about the same. */
    static UnrelatedSimilarity baseline(int layers, double similarity) {
        List<UnrelatedSimilarity.@Nullable Level> levels = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            levels.add(layer == 0 ? null : new UnrelatedSimilarity.Level(similarity + layer * 1e-4, similarity + 0.01));
        }
        return new UnrelatedSimilarity(100, 42, levels);
    }

    /** From gradients: no similarity, and larger than 1. */
    static LayerImportance gradients(int layers) {
        Random random = new Random(layers);
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            scores.add(new Similarity.Value(1.5 + 3 * random.nextDouble()));
        }
        return LayerImportance.ofScores(scores);
    }

    static LayerLocks locks(int layers) {
        return LayerLocks.of(List.of(layers - 1), List.of(1));
    }

    static SortedSet<Integer> half(int layers) {
        return LayerSelector.select(
                        importance(layers), new SelectionRule.TopRatio(0.5), locks(layers), UndefinedLayers.EXCLUDE)
                .layers();
    }

    /** A heatmap in viridis. */
    public static HeatmapChart heatmap(SimilarityMatrix matrix, String measure, ChartStyle style) {
        return HeatmapChart.of(matrix, measure, ColourScale.similarities(), HeatmapAxes.ofOneModel(true), style);
    }

    /** A ranking by CKA without intervals. */
    public static RankingChart ranking(LayerImportance importance, ChartStyle style) {
        return new RankingChart(new ImportanceData("CKA", importance, null, null), style);
    }

    public static List<CurveChart.Point> losses(int steps, long seed) {
        Random random = new Random(seed);
        List<CurveChart.Point> points = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            double trend = 0.35 + 1.7 * Math.exp(-step / (steps / 5.0));
            points.add(new CurveChart.Point(step, trend * (1 + 0.18 * random.nextGaussian())));
        }
        return points;
    }

    /** Four arms of an experiment, three of them with as many parameters. */
    static List<GroupsChart.Group> groups() {
        return List.of(
                new GroupsChart.Group("all", 663_552, List.of(0.8, 0.84, 0.82), 0.82, new Interval(0.79, 0.86)),
                new GroupsChart.Group("selected", 331_776, List.of(0.8, 0.81, 0.82), 0.81, new Interval(0.78, 0.85)),
                new GroupsChart.Group("random", 331_776, List.of(0.7, 0.76), 0.73, new Interval(0.69, 0.78)),
                new GroupsChart.Group("last", 331_776, List.of(0.79), 0.79, null));
    }

    /** Three arms with differences from two baselines, one of which one arm lacks. */
    static List<IntervalsChart.Line> lines() {
        return List.of(
                new IntervalsChart.Line(
                        "random layers",
                        Arrays.asList(
                                new IntervalsChart.Mark(-0.01, new Interval(-0.03, 0.01), List.of(-0.02, 0.0)), null)),
                new IntervalsChart.Line(
                        "layers by distance correlation (attention only, half the rank)",
                        List.of(
                                new IntervalsChart.Mark(-0.02, new Interval(-0.035, -0.005), List.of()),
                                new IntervalsChart.Mark(-0.01, new Interval(-0.02, 0), List.of()))),
                new IntervalsChart.Line(
                        "last layers",
                        List.of(
                                new IntervalsChart.Mark(0.005, null, List.of()),
                                new IntervalsChart.Mark(0.015, new Interval(0, 0.03), List.of()))));
    }
}
