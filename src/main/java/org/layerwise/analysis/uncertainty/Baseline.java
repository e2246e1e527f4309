package org.layerwise.analysis.uncertainty;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The similarity that unrelated data have at this n and d: the rows of each layer's output are permuted against those of
 * its input.
 *
 * @param permutations how many
 * @param seed of them
 * @param layers of each layer; null where the similarity is undefined
 */
public record Baseline(int permutations, long seed, List<@Nullable Level> layers) {

    /**
     * Of one layer.
     *
     * @param mean similarity over the permutations
     * @param high the value that 95 % of them stay below
     */
    public record Level(double mean, double high) {}

    /** Of a layer. */
    public Optional<Level> of(int layer) {
        return Optional.ofNullable(layers.get(layer));
    }
}
