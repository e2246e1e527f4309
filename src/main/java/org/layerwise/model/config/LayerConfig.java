package org.layerwise.model.config;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of one transformer layer.
 *
 * @param mixer attention, or what takes its place
 * @param feedForward feed-forward part; with a mixture in its place, each expert
 * @param experts mixture of experts; null for one feed-forward part
 * @param scaled true if the output is multiplied by a number of the checkpoint (Gemma 4)
 * @param keysOf earlier layer whose keys and values the attention reads; empty if the layer computes its own
 */
public record LayerConfig(
        MixerConfig mixer,
        ModelConfig.FeedForward feedForward,
        @Nullable ExpertsConfig experts,
        boolean scaled,
        OptionalInt keysOf) {

    /** Returns layers with different mixers and the same feed-forward part. */
    public static List<LayerConfig> of(List<? extends MixerConfig> mixers, ModelConfig.FeedForward feedForward) {
        return mixers.stream()
                .map(config -> new LayerConfig(config, feedForward, null, false, OptionalInt.empty()))
                .toList();
    }

    /** Returns the attention; null for a layer with another mixer. */
    public @Nullable AttentionConfig attention() {
        return mixer instanceof AttentionConfig attention ? attention : null;
    }

    /** Returns this layer with an output that is multiplied by a number of the checkpoint. */
    public LayerConfig withScale() {
        return new LayerConfig(mixer, feedForward, experts, true, keysOf);
    }

    /** Returns this layer with the keys and values of an earlier layer, and another feed-forward part. */
    public LayerConfig withKeysOf(int layer, ModelConfig.FeedForward part) {
        AttentionConfig queries = Objects.requireNonNull(attention()).withMaps(AttentionConfig.Layout.QUERIES);
        return new LayerConfig(queries, part, experts, scaled, OptionalInt.of(layer));
    }

    /** Returns this layer with experts beside its feed-forward part. */
    public LayerConfig withExpertsBeside(ExpertsConfig mixture) {
        return new LayerConfig(mixer, feedForward, mixture, scaled, keysOf);
    }

    /** Returns true if experts stand beside the feed-forward part, where both normalise their input on their own. */
    public boolean hasExpertsBeside() {
        return experts != null && experts.beside() > 0;
    }

    /** Returns the inner width of each expert; 0 for a layer without experts. */
    public int expertSize() {
        if (experts == null) {
            return 0;
        }
        return hasExpertsBeside() ? experts.beside() : feedForward.size();
    }

    /** Returns this layer with experts instead of its feed-forward part. */
    public LayerConfig withExperts(ExpertsConfig mixture, ModelConfig.FeedForward each) {
        return new LayerConfig(mixer, each, mixture, scaled, keysOf);
    }
}
