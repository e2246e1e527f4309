package org.layerwise.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.Locks;
import org.layerwise.selection.Rule;

/** Values like those of real models: similar neighbours, a first state that is undefined. */
final class ChartSamples {

    static final String REASON = "Every input starts with the same token, so this layer's input does not vary.";

    private ChartSamples() {}

    static SimilarityMatrix matrix(int layers) {
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

    static LayerImportance importance(int layers) {
        return LayerImportance.of(matrix(layers));
    }

    static Locks locks(int layers) {
        return Locks.of(List.of(layers - 1), List.of(1));
    }

    static SortedSet<Integer> half(int layers) {
        return LayerSelector.select(importance(layers), new Rule.TopRatio(0.5), locks(layers), UndefinedLayers.EXCLUDE)
                .layers();
    }

    static List<CurveChart.Point> losses(int steps, long seed) {
        Random random = new Random(seed);
        List<CurveChart.Point> points = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            double trend = 0.35 + 1.7 * Math.exp(-step / (steps / 5.0));
            points.add(new CurveChart.Point(step, trend * (1 + 0.18 * random.nextGaussian())));
        }
        return points;
    }
}
