package org.layerwise.model;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * A transformer without its head, as a function of its input: embeddings, then layers 0 to M-1. It is immutable: adapters
 * and dropout give a new one that shares the weights.
 */
public final class Transformer {

    /** Hears of hidden states one by one, so that none needs to be kept. */
    @FunctionalInterface
    public interface HiddenStateVisitor {
        /**
         * @param index 0 for the output of the embeddings, i for the output of layer i-1, as HuggingFace's
         *     {@code hidden_states}
         * @param hidden {@code [batch, sequence, hidden]}, freed after the call
         */
        void visit(int index, Tensor hidden);
    }

    private final TensorEngine engine;
    private final ModelConfig config;
    private final Embeddings embeddings;
    private final List<Block> blocks;
    private final ModelConfig.Dropout dropout;

    Transformer(
            TensorEngine engine,
            ModelConfig config,
            Embeddings embeddings,
            List<Block> blocks,
            ModelConfig.Dropout dropout) {
        this.engine = engine;
        this.config = config;
        this.embeddings = embeddings;
        this.blocks = List.copyOf(blocks);
        this.dropout = dropout;
    }

    /** What it is made of. */
    public ModelConfig config() {
        return config;
    }

    /** The dropout in force; none unless {@link #with(ModelConfig.Dropout)} said otherwise. */
    public ModelConfig.Dropout dropout() {
        return dropout;
    }

    /** The input of layer 0, {@code [batch, sequence, hidden]}. */
    public Tensor embed(ModelInput input) {
        return embeddings.apply(input, dropout.hidden());
    }

    /** The output of a layer, of the same shape as its input. */
    public Tensor layer(int index, Tensor hidden, ModelInput input) {
        return blocks.get(index).apply(hidden, input, dropout);
    }

    /** The last hidden state; intermediates are freed layer by layer. */
    public Tensor forward(ModelInput input) {
        try (Scope scope = engine.scope()) {
            Tensor hidden = embed(input);
            for (int i = 0; i < blocks.size(); i++) {
                hidden = step(scope, i, hidden, input);
            }
            return scope.keep(hidden);
        }
    }

    /** Shows every hidden state to a visitor, in order. */
    public void hiddenStates(ModelInput input, HiddenStateVisitor visitor) {
        try (Scope scope = engine.scope()) {
            Tensor hidden = embed(input);
            visitor.visit(0, hidden);
            for (int i = 0; i < blocks.size(); i++) {
                hidden = step(scope, i, hidden, input);
                visitor.visit(i + 1, hidden);
            }
        }
    }

    /** The linear maps of a layer, which adapters may change. */
    public List<Linear> linears(int layer) {
        return blocks.get(layer).linears();
    }

    /**
     * This transformer with other adapters.
     *
     * @param adapters by the full name of the linear module; modules that are not named have none
     */
    public Transformer with(Map<String, ? extends LinearAdapter> adapters) {
        List<Block> adapted = blocks.stream()
                .map(block -> block.map(linear -> linear.with(adapters.get(linear.name()))))
                .toList();
        return new Transformer(engine, config, embeddings, adapted, dropout);
    }

    /** This transformer with other dropout. */
    public Transformer with(ModelConfig.Dropout other) {
        return new Transformer(engine, config, embeddings, blocks, other);
    }

    /** All linear maps of all layers. */
    public List<Linear> linears() {
        return IntStream.range(0, blocks.size())
                .mapToObj(this::linears)
                .flatMap(List::stream)
                .toList();
    }

    // frees what the layer made on the way, and its input: autograd keeps natively what it needs
    private Tensor step(Scope outer, int layer, Tensor hidden, ModelInput input) {
        try (Scope inner = engine.scope()) {
            Tensor output = inner.keep(layer(layer, hidden, input));
            outer.drop(hidden);
            return output;
        }
    }
}
