package org.layerwise.study.model;

import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;

/**
 * Groups of a layer's linear modules that share an input.
 *
 * @param count number of linear modules of a layer, in the order of the computation
 */
public record BlockInputs(LayerConfig layer, int count) {

    private static final int FUSED_PARTS = 1;

    /**
     * Returns the input of a linear module: 0 for modules before the attention, 1 for the attention output, 2 for
     * modules inside of the feed-forward part, 3 for the last module of the feed-forward part.
     */
    public int of(int index) {
        ModelConfig.FeedForward shape = layer.feedForward();
        if (layer.experts() != null) {
            return index == count - 1 ? 1 : 0;
        }
        int inner = shape.gated() && !shape.fused() ? FUSED_PARTS + 1 : FUSED_PARTS;
        int fromEnd = count - 1 - index;
        if (fromEnd == 0) {
            return 3;
        }
        if (fromEnd <= inner) {
            return 2;
        }
        return fromEnd == inner + 1 ? 1 : 0;
    }
}
