package org.layerwise.analysis.uncertainty;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Similarity of unrelated data with the same n and d: the rows of each layer's output are permuted against those of its
 * input.
 *
 * @param permutations number of permutations
 * @param seed seed of the permutations
 * @param layers level of each layer; null if the similarity is undefined
 */
public record UnrelatedSimilarity(int permutations, long seed, List<@Nullable Level> layers) {

    /**
     * Level of one layer.
     *
     * @param mean mean similarity over the permutations
     * @param high 95 % quantile of the similarity over the permutations
     */
    public record Level(double mean, double high) {}

    /** Returns the level of a layer; empty if the similarity is undefined. */
    public Optional<Level> of(int layer) {
        return Optional.ofNullable(layers.get(layer));
    }
}
