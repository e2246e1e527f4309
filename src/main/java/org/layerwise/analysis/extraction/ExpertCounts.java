package org.layerwise.analysis.extraction;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.RoutingListener;

/** Counts the tokens that routers send to each expert, batch by batch. */
final class ExpertCounts {

    private final long[][] counts;
    private long[] mask = {};

    private ExpertCounts(long[][] counts) {
        this.counts = counts;
    }

    /** Returns counts of zero; empty for a model without experts. */
    static Optional<ExpertCounts> of(ModelConfig config) {
        long[][] counts = IntStream.range(0, config.layers())
                .mapToObj(layer -> config.layer(layer).experts())
                .map(experts -> new long[experts == null ? 0 : experts.count()])
                .toArray(long[][]::new);
        return Arrays.stream(counts).allMatch(layer -> layer.length == 0)
                ? Optional.empty()
                : Optional.of(new ExpertCounts(counts));
    }

    /** Begins a batch, whose padding does not count. */
    void begin(TokenBatch batch) {
        mask = batch.mask();
    }

    /** Returns the listener that counts the tokens of a layer. */
    RoutingListener of(int layer) {
        return experts -> {
            if (experts.length != mask.length) {
                throw new IllegalStateException(
                        "a batch of %s tokens, of which %s were routed".formatted(mask.length, experts.length));
            }
            for (int token = 0; token < experts.length; token++) {
                if (mask[token] != 0) {
                    for (int expert : experts[token]) {
                        counts[layer][expert]++;
                    }
                }
            }
        };
    }

    ExpertLoad load() {
        return new ExpertLoad(Arrays.stream(counts)
                .map(layer -> LongStream.of(layer).boxed().toList())
                .toList());
    }
}
