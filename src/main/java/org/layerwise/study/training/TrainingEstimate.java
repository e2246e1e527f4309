package org.layerwise.study.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.ByteSize;

/**
 * Estimated memory of a training before its first step, in bytes.
 *
 * @param weights weights of the model, which are in memory already
 * @param made weights of one layer, if they are made for each computation: decoded, converted, or copied to a GPU
 * @param trained trained parameters, their gradients, the optimiser's means, and copies for checkpoints
 * @param activations values that the layers from the lowest trained layer on keep for the backward pass
 * @param logits logits of a language model over its vocabulary, with the values that their gradient needs
 * @param cache cache for the outputs of the frozen layers
 * @param cacheSaves share of the work of an epoch that the cache saves from the second one on, 0 to 1
 * @param available free bytes on the device of the computation; {@link Long#MAX_VALUE} if unknown
 * @param advice flags with which the training would fit, with their estimates; empty if it fits or no flag helps
 */
public record TrainingEstimate(
        long weights,
        long made,
        long trained,
        long activations,
        long logits,
        long cache,
        double cacheSaves,
        long available,
        List<String> advice) {

    // the rest is left for the Java heap and the allocator's cache
    private static final double SHARE = 0.8;

    public TrainingEstimate {
        advice = List.copyOf(advice);
    }

    /** Returns the memory of the training without the model's weights. */
    public long beside() {
        return made + trained + activations + logits + cache;
    }

    /**
     * Returns true if the training takes more than 80 % of the free memory, not counting the model's weights, which are
     * in memory already.
     */
    public boolean tight() {
        return beside() > SHARE * available;
    }

    /** Returns a warning with a solution if the training may not fit; empty if it fits. */
    public Optional<String> warning() {
        if (!tight()) {
            return Optional.empty();
        }
        String wayOut = advice.isEmpty()
                ? "use fewer or higher layers, --dtype bf16, or a machine with more memory"
                : "it would fit with " + String.join(", or with ", advice);
        return Optional.of("This training takes about %s beside the model, and %s is free, so it may not fit; %s."
                .formatted(ByteSize.of(beside()), ByteSize.of(available), wayOut));
    }

    /** Estimate of the same training with other flags. */
    record Alternative(String flags, TrainingEstimate estimate) {}

    /** Returns this estimate with advice: the flags that make the training fit, if it does not. */
    TrainingEstimate advised(List<Alternative> alternatives) {
        List<String> found = new ArrayList<>();
        if (tight()) {
            for (Alternative alternative : alternatives) {
                TrainingEstimate other = alternative.estimate();
                if (!other.tight()) {
                    found.add("%s (about %s)".formatted(alternative.flags(), ByteSize.of(other.beside())));
                }
            }
        }
        return new TrainingEstimate(weights, made, trained, activations, logits, cache, cacheSaves, available, found);
    }
}
