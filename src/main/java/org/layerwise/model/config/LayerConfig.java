package org.layerwise.model.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of one transformer layer.
 *
 * @param feedForward feed-forward part; with a mixture, each expert
 * @param experts mixture of experts; null for one feed-forward part
 */
public record LayerConfig(
        AttentionConfig attention, ModelConfig.FeedForward feedForward, @Nullable ExpertsConfig experts) {

    /** Returns layers with different attention and the same feed-forward part. */
    public static List<LayerConfig> of(List<AttentionConfig> attention, ModelConfig.FeedForward feedForward) {
        return attention.stream()
                .map(config -> new LayerConfig(config, feedForward, null))
                .toList();
    }

    /** Returns this layer with experts instead of its feed-forward part. */
    public LayerConfig withExperts(ExpertsConfig mixture, ModelConfig.FeedForward each) {
        return new LayerConfig(attention, each, mixture);
    }
}
