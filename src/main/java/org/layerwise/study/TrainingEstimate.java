package org.layerwise.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.ByteWords;

/**
 * The memory that a training will take, in bytes, as far as it can be told before the first step.
 *
 * @param weights of the model, which is in memory already
 * @param trained everything that is trained, its gradients, AdamW's two moments, and copies for checkpoints
 * @param activations what the layers from the lowest trained on keep for the backward pass
 * @param logits of a language model over its vocabulary, with what their gradient needs
 * @param cache of what the frozen layers give
 * @param available bytes that are free where it computes; the largest long if that is not known
 * @param advice what would make it fit, as flags and their estimates; empty if it fits or nothing helps
 */
public record TrainingEstimate(
        long weights, long trained, long activations, long logits, long cache, long available, List<String> advice) {

    // the Java heap and what the allocator keeps want their share
    private static final double SHARE = 0.8;

    public TrainingEstimate {
        advice = List.copyOf(advice);
    }

    /** What it takes beside the model. */
    public long beside() {
        return trained + activations + logits + cache;
    }

    /** What it takes with the model. */
    public long total() {
        return weights + beside();
    }

    /** Whether it comes near to what is free, or is more. */
    public boolean tight() {
        return beside() > SHARE * available;
    }

    /** Says so, with a way out; empty if it fits. */
    public Optional<String> warning() {
        if (!tight()) {
            return Optional.empty();
        }
        String wayOut = advice.isEmpty()
                ? "use fewer or higher layers, --dtype bf16, or a machine with more memory"
                : "it would fit with " + String.join(", or with ", advice);
        return Optional.of("This training takes about %s beside the model, and %s is free, so it may not fit; %s."
                .formatted(ByteWords.of(beside()), ByteWords.of(available), wayOut));
    }

    /** Estimates of the same training with other flags. */
    interface Alternative {

        /** The flags. */
        String flags();

        /** With them; its advice does not matter. */
        TrainingEstimate estimate();
    }

    /** With the flags that make it fit, if it does not. */
    TrainingEstimate advised(List<? extends Alternative> alternatives) {
        List<String> found = new ArrayList<>();
        if (tight()) {
            for (Alternative alternative : alternatives) {
                TrainingEstimate other = alternative.estimate();
                if (!other.tight()) {
                    found.add("%s (about %s)".formatted(alternative.flags(), ByteWords.of(other.beside())));
                }
            }
        }
        return new TrainingEstimate(weights, trained, activations, logits, cache, available, found);
    }
}
