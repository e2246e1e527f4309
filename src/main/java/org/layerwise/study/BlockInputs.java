package org.layerwise.study;

import org.layerwise.model.config.ModelConfig;

/**
 * Which of a layer's linear maps have the same input.
 *
 * @param count of maps, in the order of the computation
 */
record BlockInputs(ModelConfig config, int count) {

    private static final int FUSED_PARTS = 1;

    /** 0 for those before the attention, 1 for its output, 2 for those inside the feed-forward part, 3 for its last one. */
    int of(int index) {
        ModelConfig.FeedForward shape = config.feedForward();
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
