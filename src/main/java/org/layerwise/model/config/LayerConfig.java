package org.layerwise.model.config;

import java.util.List;

/** Configuration of one transformer layer. */
public record LayerConfig(AttentionConfig attention, ModelConfig.FeedForward feedForward) {

    /** Returns layers with different attention and the same feed-forward part. */
    static List<LayerConfig> of(List<AttentionConfig> attention, ModelConfig.FeedForward feedForward) {
        return attention.stream()
                .map(config -> new LayerConfig(config, feedForward))
                .toList();
    }
}
