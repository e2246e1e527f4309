package org.layerwise.analysis.uncertainty;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each example contributes to a measure whose value of a layer is a mean over the examples: the cosine of a layer's
 * input and output (cosine, block influence), or the squared norm of a gradient (empirical Fisher information).
 *
 * @param samples n
 * @param similarity whether the importance is one less the mean, and not the mean itself
 * @param layers the n contributions of each layer; null where the layer is undefined; not copied
 * @param weights what each example counts in the mean, such as its tokens; null where all count alike; not copied
 */
public record PerExample(
        int samples, boolean similarity, List<double @Nullable []> layers, double @Nullable [] weights) {

    /** Of examples that count alike. */
    public PerExample(int samples, boolean similarity, List<double @Nullable []> layers) {
        this(samples, similarity, layers, null);
    }

    public PerExample {
        if (weights != null && weights.length != samples) {
            throw new IllegalArgumentException("%d weights of %d examples".formatted(weights.length, samples));
        }
        for (double @Nullable [] layer : layers) {
            if (layer != null && layer.length != samples) {
                throw new IllegalArgumentException(
                        "a layer has %d contributions of %d examples".formatted(layer.length, samples));
            }
        }
    }
}
