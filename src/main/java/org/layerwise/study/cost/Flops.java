package org.layerwise.study.cost;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.layerwise.model.LinearModule;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.study.model.BlockInputs;

/**
 * Floating-point operations of a LoRA training, counted as PyTorch's {@code FlopCounterMode} does. A multiplication and
 * an addition count as two operations. Only matrix products count, and attention counts for the whole row, including
 * masked positions. Weights are frozen, so the backward pass takes as many operations as the forward pass, not twice as
 * many, and it ends in the lowest layer with an adapter.
 *
 * @param linears linear modules of all layers, in the order of the computation
 * @param adapted names of the linear modules with adapters
 * @param rank rank of the adapters
 * @param languageModel true if the logits of all tokens are computed
 */
record Flops(ModelConfig config, List<LinearModule> linears, Set<String> adapted, int rank, boolean languageModel) {

    /**
     * Returns the operations of the forward pass, including those of the adapters.
     *
     * @param rows number of rows
     * @param length tokens per row
     */
    double forward(long rows, long length) {
        double sum = 0;
        for (LinearModule module : linears) {
            sum += 2.0 * module.in() * module.out();
            sum += adapted.contains(module.name()) ? adapter(module) : 0;
        }
        sum += attention(0, length) + experts(0);
        return rows * length * (sum + head());
    }

    /**
     * Returns the operations of the backward pass.
     *
     * @param rows number of rows
     * @param length tokens per row
     */
    double backward(long rows, long length) {
        int lowest = lowest();
        double sum = head();
        for (int layer = lowest; layer < config.layers(); layer++) {
            int number = layer;
            List<LinearModule> own =
                    linears.stream().filter(module -> module.layer() == number).toList();
            BlockInputs inputs = new BlockInputs(config.layer(layer), own.size());
            boolean first = layer == lowest;
            // modules before the lowest adapter need no gradient
            int from = first ? firstGroup(own, inputs) : 0;
            for (int i = 0; i < own.size(); i++) {
                LinearModule module = own.get(i);
                boolean atStart = first && inputs.of(i) == from;
                if (adapted.contains(module.name())) {
                    // the gradients of both matrices, and the gradients that pass through them
                    sum += 2 * adapter(module) - (atStart ? 2.0 * rank * module.in() : 0);
                }
                sum += atStart || first && inputs.of(i) < from ? 0 : 2.0 * module.in() * module.out();
            }
            sum += first && from > 0 ? 0 : 2 * attention(config.layer(layer), length);
            sum += experts(config.layer(layer));
        }
        return rows * length * sum;
    }

    /**
     * Returns the operations of the recomputation of layers in the backward pass, which activation checkpointing needs.
     *
     * @param rows number of rows
     * @param length tokens per row
     */
    double recomputed(long rows, long length) {
        int lowest = lowest();
        double sum = 0;
        for (LinearModule module : linears) {
            if (module.layer() >= lowest) {
                sum += 2.0 * module.in() * module.out() + (adapted.contains(module.name()) ? adapter(module) : 0);
            }
        }
        return rows * length * (sum + attention(lowest, length) + experts(lowest));
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

    /** Returns the operations of one token's attention scores and of the weighted sum of the values, or in their place. */
    private static double attention(LayerConfig layer, long length) {
        if (layer.mixer() instanceof DeltaNetConfig shape) {
            return deltaNet(shape, length);
        }
        return 4.0 * length * Objects.requireNonNull(layer.attention()).queryWidth();
    }

    /** Returns the operations of one token in a gated delta network: the products of a chunk, and the convolution. */
    private static double deltaNet(DeltaNetConfig shape, long length) {
        double chunk = Math.min(DeltaNetConfig.CHUNK, length);
        double within = chunk * (2.0 * shape.keySize() + shape.valueSize());
        double state = 3.0 * shape.keySize() * shape.valueSize();
        return 2 * (shape.valueHeads() * (within + state) + (double) shape.channels() * shape.kernel());
    }

    private double attention(int lowest, long length) {
        return config.layerConfigs().stream()
                .skip(lowest)
                .mapToDouble(layer -> attention(layer, length))
                .sum();
    }

    /** Returns the operations of one token's router and experts; 0 for a layer without experts. */
    private double experts(LayerConfig layer) {
        ExpertsConfig experts = layer.experts();
        if (experts == null) {
            return 0;
        }
        double one = 3.0 * layer.expertSize() * config.hiddenSize();
        // the router of experts beside a feed-forward part is among the linear modules
        double router = experts.beside() > 0 ? 0 : (double) experts.count() * config.hiddenSize();
        return 2.0 * (router + experts.perToken() * one);
    }

    private double experts(int lowest) {
        return config.layerConfigs().stream()
                .skip(lowest)
                .mapToDouble(this::experts)
                .sum();
    }

    private double head() {
        return languageModel ? 2.0 * config.hiddenSize() * config.vocabularySize() : 0;
    }
}
