package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The importance of each layer: {@code I = 1 - similarity(input, output)} (arXiv 2602.05988, section 3), how much a layer
 * changes what passes through it, or a score of its own, from gradients. Layers are 0-based; a layer whose similarity or
 * score is undefined has no importance.
 */
public final class LayerImportance {

    private final List<Similarity> values;
    private final boolean scores;

    private LayerImportance(List<Similarity> values, boolean scores) {
        this.values = List.copyOf(values);
        this.scores = scores;
    }

    /** From the similarity of each layer's input and output, in layer order. */
    public static LayerImportance ofSimilarities(List<Similarity> inputToOutput) {
        return new LayerImportance(inputToOutput, false);
    }

    /** From all pairs: the diagonal beside the main one. */
    public static LayerImportance of(SimilarityMatrix matrix) {
        List<Similarity> consecutive = new ArrayList<>();
        for (int layer = 0; layer + 1 < matrix.size(); layer++) {
            consecutive.add(matrix.at(layer, layer + 1));
        }
        return new LayerImportance(consecutive, false);
    }

    /** From importances that are no similarity's, in layer order; not negative. */
    public static LayerImportance ofScores(List<Similarity> scores) {
        return new LayerImportance(scores, true);
    }

    /** M, the number of layers. */
    public int layers() {
        return values.size();
    }

    /** Whether it is {@code 1 - similarity}, and no score of its own. */
    public boolean ofSimilarity() {
        return !scores;
    }

    /** The similarity of the layer's input and output; what is left of 1 where the importance is a score of its own. */
    public Similarity similarity(int layer) {
        return scores && values.get(layer) instanceof Similarity.Value score
                ? new Similarity.Value(1 - score.value())
                : values.get(layer);
    }

    /** {@code 1 - similarity}, or the score; empty where it is undefined. */
    public OptionalDouble of(int layer) {
        return values.get(layer) instanceof Similarity.Value defined
                ? OptionalDouble.of(scores ? defined.value() : 1 - defined.value())
                : OptionalDouble.empty();
    }

    /** Why the layer's importance is undefined, in one sentence; empty where it is defined. */
    public Optional<String> reason(int layer) {
        return values.get(layer) instanceof Similarity.Undefined undefined
                ? Optional.of(undefined.reason())
                : Optional.empty();
    }

    /**
     * What a layer is ranked by, the larger the earlier: the value itself, since two similarities next to 1 may differ where 1
     * less them does not. Empty where it is undefined.
     */
    public OptionalDouble order(int layer) {
        return values.get(layer) instanceof Similarity.Value defined
                ? OptionalDouble.of(scores ? defined.value() : -defined.value())
                : OptionalDouble.empty();
    }

    /** Layers by falling importance, ties by index; undefined ones left out or first. */
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
