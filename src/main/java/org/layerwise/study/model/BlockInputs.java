package org.layerwise.study.model;

import java.util.List;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;

/**
 * Groups of a layer's linear modules that share an input.
 *
 * @param count number of linear modules of a layer, in the order of the computation
 */
public record BlockInputs(LayerConfig layer, int count) {

    /** Input of the map from the output of the attention. */
    public static final int ATTENTION_OUTPUT = 1;

    /**
     * Returns the input of a linear module: 0 for modules before the attention, 1 for the attention output, 2 for
     * modules inside of the feed-forward part, 3 for the last module of the feed-forward part, 4 for a router.
     */
    public int of(int index) {
        List<Integer> after = feedForward();
        int before = count - after.size();
        return index < before ? (index == before - 1 ? ATTENTION_OUTPUT : 0) : after.get(index - before);
    }

    /** Returns the inputs of the modules of the feed-forward part. */
    private List<Integer> feedForward() {
        ExpertsConfig experts = layer.experts();
        if (layer.hasExpertsBeside()) {
            return List.of(2, 2, 3, 4);
        }
        if (experts != null) {
            return experts.shared() > 0 ? List.of(2, 2, 3, 2) : List.of();
        }
        ModelConfig.FeedForward shape = layer.feedForward();
        return shape.gated() && !shape.fused() ? List.of(2, 2, 3) : List.of(2, 3);
    }
}
