package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Importance of each layer: {@code I = 1 - similarity(input, output)} (arXiv 2602.05988, section 3), the extent to
 * which a layer changes its input, or a separate score from gradients. Layers are 0-based; a layer whose similarity or
 * score is undefined has no importance.
 */
public final class LayerImportance {

    private final List<Similarity> values;
    private final boolean scores;

    private LayerImportance(List<Similarity> values, boolean scores) {
        this.values = List.copyOf(values);
        this.scores = scores;
    }

    /** Returns the importance from the similarity of each layer's input and output, in layer order. */
    public static LayerImportance ofSimilarities(List<Similarity> inputToOutput) {
        return new LayerImportance(inputToOutput, false);
    }

    /** Returns the importance from the similarities of all pairs: the diagonal next to the main diagonal. */
    public static LayerImportance of(SimilarityMatrix matrix) {
        List<Similarity> consecutive = new ArrayList<>();
        for (int layer = 0; layer + 1 < matrix.size(); layer++) {
            consecutive.add(matrix.at(layer, layer + 1));
        }
        return new LayerImportance(consecutive, false);
    }

    /**
     * Returns the importance from scores that are not derived from a similarity, in layer order; the scores are not
     * negative.
     */
    public static LayerImportance ofScores(List<Similarity> scores) {
        return new LayerImportance(scores, true);
    }

    /** Returns M, the number of layers. */
    public int layers() {
        return values.size();
    }

    /** Returns true if the importance is {@code 1 - similarity}, and false if it is a separate score. */
    public boolean ofSimilarity() {
        return !scores;
    }

    /**
     * Returns the similarity of the layer's input and output; 1 minus the score if the importance is a separate score.
     */
    public Similarity similarity(int layer) {
        return scores && values.get(layer) instanceof Similarity.Value score
                ? new Similarity.Value(1 - score.value())
                : values.get(layer);
    }

    /** Returns {@code 1 - similarity}, or the score; empty if it is undefined. */
    public OptionalDouble of(int layer) {
        return values.get(layer) instanceof Similarity.Value defined
                ? OptionalDouble.of(scores ? defined.value() : 1 - defined.value())
                : OptionalDouble.empty();
    }

    /** Returns the importance of each layer; null where it is undefined. */
    public List<@Nullable Double> all() {
        return IntStream.range(0, layers())
                .mapToObj(layer -> of(layer).isPresent() ? (Double) of(layer).getAsDouble() : null)
                .toList();
    }

    /** Returns the reasons of the undefined layers, by their numbers. */
    public Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        IntStream.range(0, layers())
                .forEach(layer -> reason(layer).ifPresent(reason -> reasons.put(String.valueOf(layer), reason)));
        return reasons;
    }

    /** Returns one sentence on why the layer's importance is undefined; empty if it is defined. */
    public Optional<String> reason(int layer) {
        return values.get(layer) instanceof Similarity.Undefined undefined
                ? Optional.of(undefined.reason())
                : Optional.empty();
    }

    /**
     * Returns the value by which layers are ranked, larger values first: the score or the negative similarity, since
     * two similarities close to 1 may differ although 1 minus them does not. Empty if the importance is undefined.
     */
    public OptionalDouble order(int layer) {
        return values.get(layer) instanceof Similarity.Value defined
                ? OptionalDouble.of(scores ? defined.value() : -defined.value())
                : OptionalDouble.empty();
    }

    /** Returns the layers by descending importance, ties by index; undefined layers are left out or come first. */
    public List<Integer> ranking(UndefinedLayers undefined) {
        Comparator<Integer> byOrder =
                Comparator.comparingDouble(layer -> -order(layer).orElse(Double.POSITIVE_INFINITY));
        return IntStream.range(0, layers())
                .boxed()
                .filter(layer ->
                        undefined == UndefinedLayers.INCLUDE || of(layer).isPresent())
                .sorted(byOrder.thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerImportance importance
                && values.equals(importance.values)
                && scores == importance.scores;
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
