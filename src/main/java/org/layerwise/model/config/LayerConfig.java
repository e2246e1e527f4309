package org.layerwise.model.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of one transformer layer.
 *
 * @param feedForward feed-forward part; with a mixture, each expert
 * @param experts mixture of experts; null for one feed-forward part
 * @param scaled true if the output is multiplied by a number of the checkpoint (Gemma 4)
 */
public record LayerConfig(
        AttentionConfig attention,
        ModelConfig.FeedForward feedForward,
        @Nullable ExpertsConfig experts,
        boolean scaled) {

    /** Returns layers with different attention and the same feed-forward part. */
    public static List<LayerConfig> of(List<AttentionConfig> attention, ModelConfig.FeedForward feedForward) {
        return attention.stream()
                .map(config -> new LayerConfig(config, feedForward, null, false))
                .toList();
    }

    /** Returns this layer with an output that is multiplied by a number of the checkpoint. */
    public LayerConfig withScale() {
        return new LayerConfig(attention, feedForward, experts, true);
    }

    /** Returns this layer with experts instead of its feed-forward part. */
    public LayerConfig withExperts(ExpertsConfig mixture, ModelConfig.FeedForward each) {
        return new LayerConfig(attention, each, mixture, scaled);
    }
}
