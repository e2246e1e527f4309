package org.layerwise.lora;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;

/**
 * Low-rank adaptation (Hu et al., arXiv 2106.09685) of linear modules: {@code W' = W + (alpha / r) B A}.
 *
 * @param rank r
 * @param alpha numerator of the scale
 * @param dropout on the adapter's input while it trains, as a probability
 * @param targetModules names of the modules, as PEFT matches them: the end of a full name after a dot
 * @param layers 0-based layers that get adapters
 */
public record LoraConfig(
        int rank, double alpha, double dropout, List<String> targetModules, SortedSet<Integer> layers) {

    public LoraConfig {
        if (rank < 1) {
            throw new UserException("The rank r must be at least 1, not %d.".formatted(rank));
        }
        if (!(alpha > 0)) {
            throw new UserException("alpha must be greater than 0, not %s.".formatted(alpha));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new UserException("The LoRA dropout must be from 0 to below 1, not %s.".formatted(dropout));
        }
        if (layers.isEmpty() || targetModules.isEmpty()) {
            throw new UserException("LoRA needs at least one layer and one target module; select some.");
        }
        targetModules = List.copyOf(targetModules);
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
    }

    public LoraConfig(int rank, double alpha, double dropout, List<String> targetModules, Collection<Integer> layers) {
        this(rank, alpha, dropout, targetModules, new TreeSet<>(layers));
    }

    /** What {@code B A} is multiplied with. */
    public double scale() {
        return alpha / rank;
    }

    LoraConfig withDropout(double other) {
        return new LoraConfig(rank, alpha, other, targetModules, layers);
    }
}
