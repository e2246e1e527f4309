package org.layerwise.study;

import java.util.List;
import java.util.Set;
import org.layerwise.model.LinearModule;
import org.layerwise.model.config.ModelConfig;

/**
 * Floating-point operations of a LoRA training, a multiplication and an addition counted as two, as PyTorch's {@code
 * FlopCounterMode} counts them: matrix products only, attention over the whole row whatever is masked. Weights are frozen, so that the
 * backward pass takes as much as the forward pass and not twice as much, and it ends in the lowest layer with an adapter.
 *
 * @param linears the linear maps of all layers, in the order of the computation
 * @param adapted names of those with adapters
 * @param rank of the adapters
 * @param languageModel whether the logits of all tokens are computed
 */
record Flops(ModelConfig config, List<LinearModule> linears, Set<String> adapted, int rank, boolean languageModel) {

    /** Of the forward pass of rows of so many tokens each, an adapter on every module that has one. */
    double forward(long rows, long length) {
        double sum = 0;
        for (LinearModule module : linears) {
            sum += 2.0 * module.in() * module.out();
            sum += adapted.contains(module.name()) ? adapter(module) : 0;
        }
        sum += config.layers() * attention(length);
        return rows * length * (sum + head());
    }

    /** Of the backward pass. */
    double backward(long rows, long length) {
        int lowest = lowest();
        double sum = head();
        for (int layer = lowest; layer < config.layers(); layer++) {
            int number = layer;
            List<LinearModule> own =
                    linears.stream().filter(module -> module.layer() == number).toList();
            BlockInputs inputs = new BlockInputs(config, own.size());
            boolean first = layer == lowest;
            // what lies before the lowest adapter needs no gradient
            int from = first ? firstGroup(own, inputs) : 0;
            for (int i = 0; i < own.size(); i++) {
                LinearModule module = own.get(i);
                boolean atStart = first && inputs.of(i) == from;
                if (adapted.contains(module.name())) {
                    // both matrices, and the gradients that pass through them
                    sum += 2 * adapter(module) - (atStart ? 2.0 * rank * module.in() : 0);
                }
                sum += atStart || first && inputs.of(i) < from ? 0 : 2.0 * module.in() * module.out();
            }
            sum += first && from > 0 ? 0 : 2 * attention(length);
        }
        return rows * length * sum;
    }

    /** Of the layers that are computed once more for the backward pass where their inner values are not kept. */
    double recomputed(long rows, long length) {
        int lowest = lowest();
        double sum = 0;
        for (LinearModule module : linears) {
            if (module.layer() >= lowest) {
                sum += 2.0 * module.in() * module.out() + (adapted.contains(module.name()) ? adapter(module) : 0);
            }
        }
        return rows * length * (sum + (config.layers() - lowest) * attention(length));
    }

    private int lowest() {
        return linears.stream()
                .filter(module -> adapted.contains(module.name()))
                .mapToInt(LinearModule::layer)
                .min()
                .orElse(config.layers());
    }

    private int firstGroup(List<LinearModule> own, BlockInputs inputs) {
        for (int i = 0; i < own.size(); i++) {
            if (adapted.contains(own.get(i).name())) {
                return inputs.of(i);
            }
        }
        throw new IllegalStateException("the lowest layer has an adapter");
    }

    private double adapter(LinearModule module) {
        return 2.0 * rank * (module.in() + module.out());
    }

    /** A token's scores, and the mixture of values by them. */
    private double attention(long length) {
        return 4.0 * length * config.attention().queryWidth();
    }

    private double head() {
        return languageModel ? 2.0 * config.hiddenSize() * config.vocabularySize() : 0;
    }
}
