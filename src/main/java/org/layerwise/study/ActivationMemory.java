package org.layerwise.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.layerwise.model.LinearModule;
import org.layerwise.model.config.ModelConfig;

/**
 * What one layer keeps for its backward pass, counted in numbers from the operations of {@link
 * org.layerwise.model.layer.Block}: what libtorch's formulas for their gradients need. A frozen linear map needs nothing; an
 * adapter on it needs its input. Operations that share an input keep it once.
 *
 * @param modules the linear maps of one layer, in the order of the computation
 * @param adapted names of those with adapters
 * @param decomposed whether they are DoRA's
 * @param adapterDropout whether the input of each is dropped
 * @param dropout the model's own
 */
record ActivationMemory(
        ModelConfig config,
        List<LinearModule> modules,
        Set<String> adapted,
        boolean decomposed,
        boolean adapterDropout,
        ModelConfig.Dropout dropout) {

    /** Numbers a token. */
    double aToken(long length) {
        return adapters() + attention(length) + feedForward() + around();
    }

    private double adapters() {
        double sum = 0;
        BlockInputs inputs = new BlockInputs(config, modules.size());
        Set<Integer> kept = new HashSet<>();
        for (int i = 0; i < modules.size(); i++) {
            LinearModule module = modules.get(i);
            if (adapted.contains(module.name())) {
                if (adapterDropout) {
                    sum += 2.0 * module.in(); // the dropped input and what it was dropped with
                } else if (kept.add(inputs.of(i))) {
                    sum += module.in();
                }
                sum += decomposed ? module.out() : 0;
            }
        }
        return sum;
    }

    private double attention(long length) {
        ModelConfig.Attention shape = config.attention();
        double scores = (double) shape.heads() * length;
        // queries, keys and values (repeated for each query head), the mixed values and their copy with heads joined
        double sum = 5.0 * shape.queryWidth();
        if (shape.headNorm()) {
            sum += shape.queryWidth() + shape.keyValueWidth();
        }
        if (shape.softCap() > 0) {
            sum += 2 * scores;
        }
        if (shape.disentangled() != null) {
            sum += scores;
        }
        if (dropout.attention() > 0) {
            // without a fused operation: probabilities, what they are dropped with, and the rest
            sum += shape.softCap() > 0 || shape.disentangled() != null ? 2 * scores : 3 * scores;
        }
        return sum;
    }

    private double feedForward() {
        ModelConfig.FeedForward shape = config.feedForward();
        return (double) shape.size() * ((shape.gated() ? 3 : 1) + (dropout.inner() > 0 ? 1 : 0));
    }

    /** Inputs of the normalisations, and what the outputs of both parts are dropped with. */
    private double around() {
        int norms = config.residual() == ModelConfig.Residual.SANDWICH ? 4 : 2;
        int drops = (dropout.attentionOutput() > 0 ? 1 : 0) + (dropout.feedForward() > 0 ? 1 : 0);
        return (double) config.hiddenSize() * (norms + drops);
    }

    /** Numbers a token that come and go: the gradients of the widest part, and of scores where they are written out. */
    double passing(long length) {
        ModelConfig.Attention shape = config.attention();
        boolean written = dropout.attention() > 0 || shape.softCap() > 0 || shape.disentangled() != null;
        double widest = config.feedForward().size() * (config.feedForward().gated() ? 3.0 : 2.0);
        return 4.0 * config.hiddenSize() + Math.max(widest, written ? 3.0 * shape.heads() * length : 0);
    }

    /** The layers from the lowest trained on, each with its modules. */
    static List<List<LinearModule>> from(int lowest, int layers, List<LinearModule> all) {
        List<List<LinearModule>> byLayer = new ArrayList<>();
        for (int layer = lowest; layer < layers; layer++) {
            int number = layer;
            byLayer.add(all.stream().filter(module -> module.layer() == number).toList());
        }
        return byLayer;
    }
}
