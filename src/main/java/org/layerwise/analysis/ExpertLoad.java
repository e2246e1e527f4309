package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.layerwise.base.UserException;

/**
 * Numbers of tokens that the routers of a mixture of experts sent to each expert. Padding does not count. A token counts
 * once for each of its experts.
 *
 * @param tokens for each layer of the model, the number of tokens of each expert; empty for a layer without experts
 */
public record ExpertLoad(List<List<Long>> tokens) {

    // so that no sum of numbers of tokens overflows
    private static final double MOST = Long.MAX_VALUE / 4.0;

    public ExpertLoad {
        tokens = tokens.stream().map(List::copyOf).toList();
        if (tokens.stream().flatMap(List::stream).anyMatch(count -> count < 0)) {
            throw new UserException("The load of experts has a negative number of tokens; run the analysis again.");
        }
        if (tokens.stream().allMatch(List::isEmpty)) {
            throw new UserException("The load of experts has no expert; run the analysis again.");
        }
        if (tokens.stream().flatMap(List::stream).mapToDouble(Long::doubleValue).sum() > MOST) {
            throw new UserException("The load of experts has too many tokens to be true; run the analysis again.");
        }
    }

    /** Returns the layers with experts, 0-based. */
    public List<Integer> layers() {
        return IntStream.range(0, tokens.size())
                .filter(layer -> !tokens.get(layer).isEmpty())
                .boxed()
                .toList();
    }

    /** Returns the largest number of experts of a layer. */
    public int experts() {
        return tokens.stream().mapToInt(List::size).max().orElse(0);
    }

    /** Returns the share of an expert in the tokens of a layer, 0 to 1; 0 if no token was counted. */
    public double share(int layer, int expert) {
        long all = total(layer);
        return all == 0 ? 0 : (double) tokens.get(layer).get(expert) / all;
    }

    /**
     * Returns the entropy of the shares of a layer in bits: 0 if one expert has all tokens, and the logarithm of the
     * number of experts, {@link #maximumEntropy}, if all have as many.
     */
    public double entropy(int layer) {
        double entropy = 0;
        for (int expert = 0; expert < tokens.get(layer).size(); expert++) {
            double share = share(layer, expert);
            entropy -= share == 0 ? 0 : share * log2(share);
        }
        return Math.max(0, entropy);
    }

    /** Returns the largest possible {@link #entropy} of a layer in bits. */
    public double maximumEntropy(int layer) {
        return log2(tokens.get(layer).size());
    }

    private long total(int layer) {
        return tokens.get(layer).stream().mapToLong(Long::longValue).sum();
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    /** Returns one sentence on the layer with the smallest entropy, for a model with experts. */
    public String summary() {
        int layer =
                layers().stream().min(Comparator.comparingDouble(this::entropy)).orElseThrow();
        int busiest = IntStream.range(0, tokens.get(layer).size())
                .boxed()
                .max(Comparator.comparingDouble(expert -> share(layer, expert)))
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "Tokens are spread over experts least evenly in layer %d: entropy %.3f of %.3f bits, %.1f %% for expert %d (even: %.1f %%).",
                layer,
                entropy(layer),
                maximumEntropy(layer),
                100 * share(layer, busiest),
                busiest,
                100.0 / tokens.get(layer).size());
    }

    /** Returns the sum of this and of the load of other rows of the same model. */
    public ExpertLoad plus(ExpertLoad other) {
        List<List<Long>> sums = new ArrayList<>();
        for (int layer = 0; layer < tokens.size(); layer++) {
            List<Long> own = tokens.get(layer);
            List<Long> others = other.tokens.get(layer);
            sums.add(IntStream.range(0, own.size())
                    .mapToObj(expert -> own.get(expert) + others.get(expert))
                    .toList());
        }
        return new ExpertLoad(Collections.unmodifiableList(sums));
    }
}
