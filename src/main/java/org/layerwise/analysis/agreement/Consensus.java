package org.layerwise.analysis.agreement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.RankedRows;

/**
 * Combines several rankings into one (Borda count). The score of a layer is the share of other layers that it precedes,
 * averaged over the rankings: 1 if it is first in all and 0 if it is last in all. If layers tie in a ranking, each
 * counts half. Layers without importance in a ranking tie after all others in that ranking, or before all others if
 * undefined layers are included. A layer without importance in all rankings has no score. Layers with equal scores are
 * ranked by index.
 */
public final class Consensus {

    private Consensus() {}

    /**
     * Returns the score of each layer.
     *
     * @param rankings at least one ranking, all of the same layers
     * @param undefined treatment of layers without importance
     */
    public static LayerImportance of(List<LayerImportance> rankings, UndefinedLayers undefined) {
        int layers = rankings.get(0).layers();
        if (rankings.stream().anyMatch(ranking -> ranking.layers() != layers)) {
            throw new IllegalArgumentException("rankings of different numbers of layers");
        }
        double[] scores = new double[layers];
        for (LayerImportance ranking : rankings) {
            double[] ranks = RankedRows.ranks(IntStream.range(0, layers)
                    .mapToDouble(layer -> order(ranking, layer, undefined))
                    .toArray());
            for (int layer = 0; layer < layers; layer++) {
                double ahead = layers == 1 ? 1 : (ranks[layer] - 1) / (layers - 1);
                scores[layer] += ahead / rankings.size();
            }
        }
        List<Similarity> values = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            int asked = layer;
            boolean known =
                    rankings.stream().anyMatch(ranking -> ranking.of(asked).isPresent());
            values.add(
                    known
                            ? new Similarity.Value(rounded(scores[layer]))
                            : new Similarity.Undefined("Layer %s has no importance in any ranking.".formatted(layer)));
        }
        return LayerImportance.ofScores(values);
    }

    private static double order(LayerImportance ranking, int layer, UndefinedLayers undefined) {
        return ranking.order(layer)
                .orElse(undefined == UndefinedLayers.INCLUDE ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }

    /** Rounds a score: sums over the rankings in another order would differ in the last digit, and ties with them. */
    private static double rounded(double score) {
        return Math.rint(score * 1e12) / 1e12;
    }

    /** Returns, for each of {@code layers} layers, the number of selections that contain the layer. */
    public static List<Integer> votes(List<? extends Collection<Integer>> selections, int layers) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> (int) selections.stream()
                        .filter(selection -> selection.contains(layer))
                        .count())
                .toList();
    }
}
