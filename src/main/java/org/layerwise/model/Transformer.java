package org.layerwise.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Block;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.model.layer.Norm;
import org.layerwise.tensor.DType;
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
         *     {@code hidden_states}; the last one of decoders is normalised
         * @param hidden {@code [batch, sequence, hidden]}, freed after the call
         */
        void visit(int index, Tensor hidden);
    }

    private final TensorEngine engine;
    private final ModelConfig config;
    private final DType type;
    private final Embeddings embeddings;
    private final List<Block> blocks;
    private final @Nullable Norm finalNorm;
    private final ModelConfig.Dropout dropout;
    private final boolean firstTokens;

    Transformer(
            TensorEngine engine,
            ModelConfig config,
            DType type,
            Embeddings embeddings,
            List<Block> blocks,
            @Nullable Norm finalNorm,
            ModelConfig.Dropout dropout,
            boolean firstTokens) {
        this.engine = engine;
        this.config = config;
        this.type = type;
        this.embeddings = embeddings;
        this.blocks = List.copyOf(blocks);
        this.finalNorm = finalNorm;
        this.dropout = dropout;
        this.firstTokens = firstTokens;
    }

    /** What it is made of. */
    public ModelConfig config() {
        return config;
    }

    /** The type that it computes in. */
    public DType type() {
        return type;
    }

    /** The dropout in force; none unless {@link #with(ModelConfig.Dropout)} said otherwise. */
    public ModelConfig.Dropout dropout() {
        return dropout;
    }

    /** The table of token vectors, {@code [vocabulary, width]}. */
    Tensor tokenVectors() {
        return embeddings.tokens();
    }

    /** The input of layer 0, {@code [batch, sequence, hidden]}. */
    public Tensor embed(ModelInput input) {
        return embeddings.apply(input, dropout.embedding());
    }

    /** The output of a layer, of the same shape as its input; of the last one perhaps {@linkplain #firstTokens less}. */
    public Tensor layer(int index, Tensor hidden, ModelInput input) {
        if (firstTokens && index == blocks.size() - 1) {
            return blocks.get(index).first(hidden, input, dropout);
        }
        return blocks.get(index).apply(hidden, input, dropout);
    }

    /** What comes after the last layer: the final normalisation, where there is one. */
    public Tensor finish(Tensor hidden) {
        return finalNorm == null ? hidden : finalNorm.apply(hidden);
    }

    /** What heads read: the output of the last layer, finished. Intermediates are freed layer by layer. */
    public Tensor forward(ModelInput input) {
        return forward(input, Progress.none());
    }

    /** The same, with progress that may cancel between two layers. */
    public Tensor forward(ModelInput input, Progress progress) {
        try (Scope scope = engine.scope()) {
            Tensor hidden = embed(input);
            for (int i = 0; i < blocks.size(); i++) {
                progress.check();
                hidden = step(scope, i, hidden, input);
            }
            return scope.keep(finish(hidden));
        }
    }

    /**
     * The same for a decoder, without dropout, with the keys and values of tokens that were computed before; adds those of
     * these tokens.
     *
     * @param input whole rows, a part of one row, or one more token a row of the cache
     * @param firstRow the row of the cache that the first of whole rows, or the part of a row, goes to
     * @param progress may cancel between two layers
     */
    public Tensor forward(ModelInput input, KeyValueCache cache, int firstRow, Progress progress) {
        try (Scope scope = engine.scope()) {
            Tensor hidden = embeddings.apply(input, 0);
            for (int i = 0; i < blocks.size(); i++) {
                progress.check();
                try (Scope inner = engine.scope()) {
                    Tensor before = hidden;
                    hidden = inner.keep(blocks.get(i).apply(before, input, cache.layer(i, firstRow)));
                    scope.drop(before);
                }
            }
            return scope.keep(finish(hidden));
        }
    }

    /** Shows every hidden state to a visitor, in order. */
    public void hiddenStates(ModelInput input, HiddenStateVisitor visitor) {
        try (Scope scope = engine.scope()) {
            Tensor hidden = embed(input);
            visitor.visit(0, hidden);
            for (int i = 0; i < blocks.size(); i++) {
                hidden = step(scope, i, hidden, input);
                visitor.visit(i + 1, i == blocks.size() - 1 ? lastState(hidden) : hidden);
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
        UnaryOperator<Linear> change = linear -> linear.with(adapters.get(linear.name()));
        List<Block> adapted = blocks.stream().map(block -> block.map(change)).toList();
        return new Transformer(engine, config, type, embeddings.map(change), adapted, finalNorm, dropout, firstTokens);
    }

    /** This transformer with other dropout. */
    public Transformer with(ModelConfig.Dropout other) {
        return new Transformer(engine, config, type, embeddings, blocks, finalNorm, other, firstTokens);
    }

    /**
     * This transformer for heads that read the first token of a row only: its last layer, and so {@link #forward(ModelInput)},
     * gives that token, {@code [batch, 1, hidden]}, with the same values. Most of that layer then costs next to nothing.
     */
    public Transformer firstTokens() {
        return new Transformer(engine, config, type, embeddings, blocks, finalNorm, dropout, true);
    }

    /** The linear map from token vectors to the hidden size, where the family has one. */
    public Optional<Linear> projection() {
        return Optional.ofNullable(embeddings.projection());
    }

    /** All linear maps of all layers. */
    public List<Linear> linears() {
        return IntStream.range(0, blocks.size())
                .mapToObj(this::linears)
                .flatMap(List::stream)
                .toList();
    }

    private Tensor lastState(Tensor hidden) {
        return config.finalNorm() == ModelConfig.FinalNorm.IN_LAST_STATE ? finish(hidden) : hidden;
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
