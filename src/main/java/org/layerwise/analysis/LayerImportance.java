package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The importance of each layer, {@code I = 1 - similarity(input, output)} (arXiv 2602.05988, section 3): how much a layer
 * changes what passes through it. Layers are 0-based; a layer whose similarity is undefined has no importance.
 */
public final class LayerImportance {

    private final List<Similarity> similarities;

    private LayerImportance(List<Similarity> similarities) {
        this.similarities = List.copyOf(similarities);
    }

    /** From the similarity of each layer's input and output, in layer order. */
    public static LayerImportance ofSimilarities(List<Similarity> inputToOutput) {
        return new LayerImportance(inputToOutput);
    }

    /** From all pairs: the diagonal beside the main one. */
    public static LayerImportance of(SimilarityMatrix matrix) {
        List<Similarity> consecutive = new ArrayList<>();
        for (int layer = 0; layer + 1 < matrix.size(); layer++) {
            consecutive.add(matrix.at(layer, layer + 1));
        }
        return new LayerImportance(consecutive);
    }

    /** M, the number of layers. */
    public int layers() {
        return similarities.size();
    }

    /** The similarity of the layer's input and output. */
    public Similarity similarity(int layer) {
        return similarities.get(layer);
    }

    /** {@code 1 - similarity}, empty where it is undefined. */
    public OptionalDouble of(int layer) {
        return similarities.get(layer) instanceof Similarity.Value defined
                ? OptionalDouble.of(1 - defined.value())
                : OptionalDouble.empty();
    }

    /** Why the layer's importance is undefined, in one sentence; empty where it is defined. */
    public Optional<String> reason(int layer) {
        return similarities.get(layer) instanceof Similarity.Undefined undefined
                ? Optional.of(undefined.reason())
                : Optional.empty();
    }

    /** Layers by falling importance, ties by index; undefined ones left out or first. */
    public List<Integer> ranking(UndefinedLayers undefined) {
        Comparator<Integer> bySimilarity = Comparator.comparingDouble(
                layer -> similarities.get(layer).asOptional().orElse(Double.NEGATIVE_INFINITY));
        return IntStream.range(0, layers())
                .boxed()
                .filter(layer ->
                        undefined == UndefinedLayers.INCLUDE || of(layer).isPresent())
                .sorted(bySimilarity.thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerImportance importance && similarities.equals(importance.similarities);
    }

    @Override
    public int hashCode() {
        return similarities.hashCode();
    }
}
