package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;

/** Importance of each layer in each resample of the examples. */
public final class Resamples {

    private static final Similarity NOT_DRAWN = new Similarity.Undefined("Undefined for these examples.");

    private final LayerImportance importance;
    private final double[][] values;
    /** Rankings of all resamples, which a slider needs again and again. */
    private final Map<UndefinedLayers, int[][]> rankings = new ConcurrentHashMap<>();

    /**
     * Creates resamples.
     *
     * @param importance importance of the M layers from all examples
     * @param values importance in each resample, {@code [M][resamples]}; NaN if it is undefined
     */
    public Resamples(LayerImportance importance, double[][] values) {
        this.importance = importance;
        this.values = values;
    }

    /** Returns the number of resamples. */
    public int count() {
        return values.length == 0 ? 0 : values[0].length;
    }

    /** Returns the number of layers, M. */
    public int layers() {
        return values.length;
    }

    /** Returns the importance from all examples. */
    public LayerImportance ofAll() {
        return importance;
    }

    /** Returns the layers from the most important one in a resample to the least. */
    public List<Integer> ranking(int resample, UndefinedLayers undefined) {
        int[][] all = rankings.computeIfAbsent(undefined, treatment -> IntStream.range(0, count())
                .mapToObj(i -> importance(i).ranking(treatment).stream()
                        .mapToInt(Integer::intValue)
                        .toArray())
                .toArray(int[][]::new));
        return Arrays.stream(all[resample]).boxed().toList();
    }

    /** Returns the first resamples. */
    Resamples first(int count) {
        return new Resamples(
                importance,
                Arrays.stream(values).map(layer -> Arrays.copyOf(layer, count)).toArray(double[][]::new));
    }

    /**
     * Returns the importance of the layers in a resample. A layer that is undefined for all examples is undefined; one
     * that is undefined in this resample alone comes last.
     */
    public LayerImportance importance(int resample) {
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < values.length; layer++) {
            if (importance.of(layer).isEmpty()) {
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
                && importance.equals(same.importance)
                && Arrays.deepEquals(values, same.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(importance, Arrays.deepHashCode(values));
    }
}
