package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;

/**
 * Importance of each layer in the resamples of the examples, with the layers ranked, for selections by any rule. At
 * most {@link #MOST_VALUES} values are kept, those of the first resamples.
 */
public final class Resamples {

    /** Maximum number of values that are kept: 4 MB with the rankings, and milliseconds for a selection by any rule. */
    static final int MOST_VALUES = 400_000;

    private static final Similarity NOT_DRAWN = new Similarity.Undefined("Undefined for these examples.");

    private final double[][] values;
    private final int drawn;
    private final int[] undefined;
    /** Layers with importance, from the most important one in a resample to the least. */
    private final short[][] rankings;

    /**
     * Keeps the first resamples and ranks the layers in each.
     *
     * @param importance importance of the M layers from all examples
     * @param values importance in each resample, {@code [M][resamples or more]}; NaN if it is undefined
     * @param drawn number of resamples
     */
    public Resamples(LayerImportance importance, double[][] values, int drawn) {
        int kept = Math.min(drawn, MOST_VALUES / importance.layers());
        this.values =
                Arrays.stream(values).map(layer -> Arrays.copyOf(layer, kept)).toArray(double[][]::new);
        this.drawn = drawn;
        List<Integer> defined = importance.ranking(UndefinedLayers.EXCLUDE);
        undefined = importance.ranking(UndefinedLayers.INCLUDE).stream()
                .mapToInt(Integer::intValue)
                .filter(layer -> !defined.contains(layer))
                .toArray();
        rankings = new short[kept][];
        for (int i = 0; i < kept; i++) {
            List<Integer> ranking = importance(importance, values, i).ranking(UndefinedLayers.EXCLUDE);
            rankings[i] = new short[ranking.size()];
            for (int rank = 0; rank < ranking.size(); rank++) {
                rankings[i][rank] = ranking.get(rank).shortValue();
            }
        }
    }

    /** Returns the number of resamples that were drawn. */
    public int drawn() {
        return drawn;
    }

    /** Returns the number of the first resamples that are kept. */
    public int kept() {
        return rankings.length;
    }

    /** Returns the number of layers, M. */
    public int layers() {
        return values.length;
    }

    /** Returns the layers whose importance is undefined for all examples. */
    public int[] undefined() {
        return undefined.clone();
    }

    /** Returns the number of layers with importance, which all resamples rank. */
    public int ranked() {
        return layers() - undefined.length;
    }

    /**
     * Returns the layer at a rank in a resample. A layer that is undefined in this resample alone comes last.
     *
     * @param rank 0 for the most important layer
     */
    public int layer(int resample, int rank) {
        return rankings[resample][rank];
    }

    /** Returns the importance of a layer in a resample; NaN or infinite if it is undefined. */
    public double value(int resample, int layer) {
        return values[layer][resample];
    }

    /**
     * Returns the importance of the layers in a resample. A layer that is undefined for all examples is undefined; one
     * that is undefined in this resample alone comes last.
     */
    static LayerImportance importance(LayerImportance ofAll, double[][] values, int resample) {
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < values.length; layer++) {
            if (ofAll.of(layer).isEmpty()) {
                scores.add(NOT_DRAWN);
            } else {
                double value = values[layer][resample];
                scores.add(new Similarity.Value(Double.isFinite(value) ? value : -Double.MAX_VALUE));
            }
        }
        return LayerImportance.ofScores(scores);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resamples same
                && drawn == same.drawn
                && Arrays.equals(undefined, same.undefined)
                && Arrays.deepEquals(values, same.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(drawn, Arrays.hashCode(undefined), Arrays.deepHashCode(values));
    }
}
