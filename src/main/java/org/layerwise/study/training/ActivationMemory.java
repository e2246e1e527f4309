package org.layerwise.study.training;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.layerwise.model.LinearModule;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.study.model.BlockInputs;
import org.layerwise.tensor.AttentionKernel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Memory that one layer keeps for its backward pass, as a number of values. The number follows from the operations of
 * {@link org.layerwise.model.layer.TransformerLayer} and from the tensors that libtorch's formulas for their gradients need. A
 * frozen linear module keeps nothing. A linear module with an adapter keeps its input. Operations that share an input
 * keep the input once.
 *
 * @param type type in which the model computes
 * @param device device of the computation
 * @param layer index of the layer
 * @param modules linear modules of the layer, in the order of the computation
 * @param adapted names of the linear modules with adapters
 * @param decomposed true if the adapters are DoRA adapters
 * @param adapterDropout true if dropout is applied to the input of each adapter
 * @param dropout dropout probabilities of the model
 * @param copies true if each linear map keeps copies of its input and output
 */
record ActivationMemory(
        ModelConfig config,
        DType type,
        Device device,
        int layer,
        List<LinearModule> modules,
        Set<String> adapted,
        boolean decomposed,
        boolean adapterDropout,
        ModelConfig.Dropout dropout,
        boolean copies) {

    /** Returns the number of values that one token keeps. */
    double aToken(long length) {
        return adapters() + ofCopies() + attention(length) + feedForward() + around();
    }

    /**
     * Returns the number of values that one token keeps in a layer whose last part computes the first token of each row alone:
     * inputs of normalisation and adapters, keys and values.
     */
    double aTokenForTheFirst() {
        AttentionConfig shape = config.layer(layer).attention();
        return 2.0 * config.hiddenSize() + (shape == null ? 0 : 2.0 * shape.queryWidth());
    }

    private double adapters() {
        double sum = 0;
        BlockInputs inputs = inputs();
        Set<Integer> kept = new HashSet<>();
        for (int i = 0; i < modules.size(); i++) {
            LinearModule module = modules.get(i);
            if (adapted.contains(module.name())) {
                if (adapterDropout) {
                    sum += 2.0 * module.in(); // the input after dropout and the dropout mask
                } else if (kept.add(inputs.of(i))) {
                    sum += module.in();
                }
                sum += decomposed ? module.out() : 0;
            }
        }
        return sum;
    }

    private BlockInputs inputs() {
        return new BlockInputs(config.layer(layer), modules.size());
    }

    /** Returns true if an adapter keeps the output of the attention as its input. */
    private boolean keepsAttention() {
        BlockInputs inputs = inputs();
        return !adapterDropout
                && IntStream.range(0, modules.size())
                        .anyMatch(i -> inputs.of(i) == BlockInputs.ATTENTION_OUTPUT
                                && adapted.contains(modules.get(i).name()));
    }

    private double ofCopies() {
        return copies
                ? modules.stream()
                        .mapToDouble(module -> (double) module.in() + module.out())
                        .sum()
                : 0;
    }

    private double attention(long length) {
        LayerConfig own = config.layer(layer);
        return own.mixer() instanceof DeltaNetConfig shape
                ? deltaNet(shape, length)
                : attention(Objects.requireNonNull(own.attention()), length);
    }

    /** Returns what a gated delta network keeps of one token; values in float32 count twice, as two of 16 bits. */
    private static double deltaNet(DeltaNetConfig shape, long length) {
        double chunk = Math.min(DeltaNetConfig.CHUNK, length);
        double keys = (double) shape.valueHeads() * shape.keySize();
        double values = shape.valueWidth();
        double states = (double) shape.valueHeads() * shape.keySize() * shape.valueSize() / chunk;
        // the convolution before and after the activation; queries and keys before and after they are normalised, and
        // with each factor; values, solutions and outputs; products of the chunk's tokens; the matrix of each chunk
        return 2.0 * shape.channels() + 2 * (9 * keys + 9 * values + 6.0 * shape.valueHeads() * chunk + 2 * states);
    }

    private double attention(AttentionConfig shape, long length) {
        double scores = (double) shape.heads() * length;
        boolean fused = shape.fused() && !byProducts(length) && dropout.attention() == 0;
        // queries, keys and values (keys and values repeated for each query head), and the output of fused attention
        double sum = (fused && !keepsAttention() ? 4.0 : 3.0) * shape.queryWidth();
        if (shape.norm() != QueryKeyNorm.NONE) {
            sum += shape.queryWidth() + shape.keyValueWidth();
        }
        if (shape.norm() == QueryKeyNorm.EACH_HEAD_AND_VALUES) {
            sum += 2.0 * shape.keyValueWidth(); // in float32
        }
        if (shape.maps().layout() == AttentionConfig.Layout.GATED) {
            sum += shape.queryWidth(); // the gate after its sigmoid
        }
        if (!shape.fused()) {
            sum += 2 * scores;
        } else if (byProducts(length)) {
            sum += scores;
        }
        if (config.disentangled() != null) {
            sum += scores;
        }
        if (dropout.attention() > 0) {
            // without fused attention: probabilities, dropout mask, and probabilities after dropout
            sum += !shape.fused() || config.disentangled() != null ? 2 * scores : 3 * scores;
        }
        return sum;
    }

    /** Returns the number of values that the gates and the activation keep for one inner value. */
    private static double gates(LayerConfig own) {
        if (own.experts() != null && own.experts().limit() > 0) {
            return 7; // both limits, and the products
        }
        return own.feedForward().gated() ? 3 : 1;
    }

    private double feedForward() {
        LayerConfig own = config.layer(layer);
        double perInner = gates(own) + (dropout.inner() > 0 ? 1 : 0);
        double inner = own.feedForward().size() * perInner;
        ExpertsConfig experts = own.experts();
        if (experts == null) {
            return inner;
        }
        double each = own.expertSize() * perInner;
        // the outputs of a token's experts are kept for their weights
        double shared = experts.shared() == 0 ? 0 : experts.shared() * perInner + config.hiddenSize();
        double dense = experts.beside() > 0 ? inner : 0;
        return dense + experts.perToken() * (each + config.hiddenSize()) + shared;
    }

    /**
     * Returns the inputs of the normalisations and the dropout masks of the outputs of attention and feed-forward
     * network.
     */
    private double around() {
        int norms = config.residual() == ModelConfig.Residual.SANDWICH ? 4 : 2;
        int ofExperts = config.layer(layer).hasExpertsBeside() ? 5 : 0; // three, and that of the router in float32
        int drops = (dropout.attentionOutput() > 0 ? 1 : 0) + (dropout.feedForward() > 0 ? 1 : 0);
        return (double) config.hiddenSize() * (norms + ofExperts + drops);
    }

    /**
     * Returns the number of temporary values of one token: the gradients of the widest part, and those of the attention
     * scores if the scores are materialised.
     */
    double passing(long length) {
        LayerConfig own = config.layer(layer);
        AttentionConfig shape = own.attention();
        double ofScores = dropout.attention() > 0 ? 3.0 : 2.0;
        double scores = shape != null && written(shape, length) ? ofScores * shape.heads() * length : 0;
        int parts = own.experts() == null ? 1 : own.experts().perToken();
        double widest = parts
                * Math.max(own.expertSize(), own.feedForward().size())
                * (own.feedForward().gated() ? 3.0 : 2.0);
        return config.hiddenSize() + Math.max(widest, scores);
    }

    /** Returns true if the scores of all pairs of tokens are kept. */
    private boolean written(AttentionConfig shape, long length) {
        return dropout.attention() > 0 || !shape.fused() || config.disentangled() != null || byProducts(length);
    }

    private boolean byProducts(long length) {
        return AttentionKernel.of(type, device, length) == AttentionKernel.PRODUCTS;
    }
}
