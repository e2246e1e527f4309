package org.layerwise.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.Experts;
import org.layerwise.model.layer.ExpertsAdapter;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.RoutingListener;
import org.layerwise.model.layer.SharedKeyValues;
import org.layerwise.model.layer.TransformerLayer;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Transformer without its head, as a function of its input: embeddings, then layers 0 to M-1. It is immutable: setting
 * adapters or dropout returns a new transformer that shares the weights.
 */
public final class Transformer {

    /** Receives hidden states one by one, so that none needs to be kept. */
    @FunctionalInterface
    public interface HiddenStateVisitor {
        /**
         * Receives one hidden state.
         *
         * @param index 0 for the output of the embeddings, i for the output of layer i-1, as HuggingFace's
         *     {@code hidden_states}; the last state of decoders is normalised
         * @param hidden {@code [batch, sequence, hidden]}, freed after the call
         */
        void visit(int index, Tensor hidden);
    }

    private final TensorEngine engine;
    private final ModelConfig config;
    private final DType type;
    private final Embeddings embeddings;
    private final List<TransformerLayer> blocks;
    private final @Nullable Norm finalNorm;
    private final ModelConfig.Dropout dropout;
    private final boolean firstTokens;

    Transformer(
            TensorEngine engine,
            ModelConfig config,
            DType type,
            Embeddings embeddings,
            List<TransformerLayer> blocks,
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

    /** Returns the configuration. */
    public ModelConfig config() {
        return config;
    }

    /** Returns the type in which the transformer computes. */
    public DType type() {
        return type;
    }

    /** Returns the dropout in force; none unless {@link #with(ModelConfig.Dropout)} set it. */
    public ModelConfig.Dropout dropout() {
        return dropout;
    }

    /** Returns the table of token embeddings, {@code [vocabulary, width]}. */
    Tensor tokenVectors() {
        return embeddings.tokens();
    }

    /** Returns an input with what each layer reads beside the hidden state, without adapters and dropout. */
    ModelInput completed(ModelInput input) {
        return embeddings.completed(input);
    }

    /** Returns the input of layer 0, {@code [batch, sequence, hidden]}. */
    public Tensor embed(ModelInput input) {
        return embeddings.apply(input, dropout.embedding());
    }

    /**
     * Returns the output of a layer, with the shape of its input, or wider if later layers share its keys and values
     * ({@link ModelConfig#stateWidth(int)}); the last layer may return {@linkplain #firstTokens the first token only}.
     */
    public Tensor layer(int index, Tensor hidden, ModelInput input) {
        if (firstTokens && index == blocks.size() - 1) {
            return blocks.get(index).first(hidden, input, dropout);
        }
        return blocks.get(index).apply(hidden, input, dropout);
    }

    /** Returns the hidden state in the output of a layer, without what it passes on to later layers. */
    public Tensor hidden(Tensor state) {
        return SharedKeyValues.hidden(state, config.hiddenSize());
    }

    /** Applies the final normalisation to the output of the last layer, if the family has one. */
    public Tensor finish(Tensor state) {
        return finalNorm == null ? hidden(state) : finalNorm.apply(hidden(state));
    }

    /**
     * Returns the output of the last layer after the final normalisation, which heads read. Intermediate states are
     * freed layer by layer.
     */
    public Tensor forward(ModelInput input) {
        return forward(input, Progress.none());
    }

    /**
     * Returns the output of the last layer after the final normalisation, with progress that may cancel between two
     * layers.
     */
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
     * Computes a decoder without dropout with the cached keys and values of earlier tokens, and adds those of the input
     * tokens to the cache.
     *
     * @param input whole rows, a part of one row, or one more token for each row of the cache
     * @param firstRow row of the cache for the first of whole rows, or for the part of a row
     * @param progress may cancel between two layers
     * @return output of the last layer after the final normalisation
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

    /** Passes every hidden state to a visitor, in order. */
    public void hiddenStates(ModelInput input, HiddenStateVisitor visitor) {
        try (Scope scope = engine.scope()) {
            Tensor state = embed(input);
            visitor.visit(0, state);
            for (int i = 0; i < blocks.size(); i++) {
                state = step(scope, i, state, input);
                visitor.visit(i + 1, i == blocks.size() - 1 ? lastState(state) : hidden(state));
            }
        }
    }

    /** Returns the linear maps of a layer, which adapters may change. */
    public List<Linear> linears(int layer) {
        return blocks.get(layer).linears();
    }

    /** Returns the adapters of all linear modules by the full name of their module, in the order of the computation. */
    public Map<String, LinearAdapter> adapters() {
        Map<String, LinearAdapter> adapters = new LinkedHashMap<>();
        for (Linear linear : linears()) {
            if (linear.adapter() != null) {
                adapters.put(linear.name(), linear.adapter());
            }
        }
        return adapters;
    }

    /**
     * Returns this transformer with other adapters.
     *
     * @param adapters adapters by the full name of the linear module; modules that are not named have none
     */
    public Transformer with(Map<String, ? extends LinearAdapter> adapters) {
        UnaryOperator<Linear> change = linear -> linear.with(adapters.get(linear.name()));
        List<TransformerLayer> adapted =
                blocks.stream().map(block -> block.map(change)).toList();
        return new Transformer(engine, config, type, embeddings.map(change), adapted, finalNorm, dropout, firstTokens);
    }

    /** Returns the experts of a layer that a router chooses; empty for a layer without. */
    public Optional<Experts> experts(int layer) {
        return blocks.get(layer).experts();
    }

    /**
     * Returns this transformer with other adapters of experts.
     *
     * @param adapters adapters by the full name of the weights in the model of transformers 5; weights that are not
     *     named have none
     */
    public Transformer withExperts(Map<String, ? extends ExpertsAdapter> adapters) {
        List<TransformerLayer> adapted = blocks.stream()
                .map(block -> block.mapExperts(experts -> experts.with(adapters)))
                .toList();
        return new Transformer(engine, config, type, embeddings, adapted, finalNorm, dropout, firstTokens);
    }

    /**
     * Returns this transformer with listeners to the choices of the routers.
     *
     * @param listeners returns the listener of a layer
     */
    public Transformer listening(IntFunction<RoutingListener> listeners) {
        List<TransformerLayer> heard = IntStream.range(0, blocks.size())
                .mapToObj(layer -> blocks.get(layer).mapExperts(experts -> experts.with(listeners.apply(layer))))
                .toList();
        return new Transformer(engine, config, type, embeddings, heard, finalNorm, dropout, firstTokens);
    }

    /** Returns this transformer with another dropout. */
    public Transformer with(ModelConfig.Dropout other) {
        return new Transformer(engine, config, type, embeddings, blocks, finalNorm, other, firstTokens);
    }

    /**
     * Returns this transformer for heads that read only the first token of a row: its last layer, and thus
     * {@link #forward(ModelInput)}, returns only that token, {@code [batch, 1, hidden]}, with unchanged values. Most of
     * that layer then costs next to nothing.
     */
    public Transformer firstTokens() {
        return new Transformer(engine, config, type, embeddings, blocks, finalNorm, dropout, true);
    }

    /** Returns the linear map from token embeddings to the hidden size; empty if the family has none. */
    public Optional<Linear> projection() {
        return Optional.ofNullable(embeddings.projection());
    }

    /** Returns all linear maps of all layers. */
    public List<Linear> linears() {
        return IntStream.range(0, blocks.size())
                .mapToObj(this::linears)
                .flatMap(List::stream)
                .toList();
    }

    private Tensor lastState(Tensor state) {
        return config.finalNorm() == ModelConfig.FinalNorm.IN_LAST_STATE ? finish(state) : hidden(state);
    }

    // frees the layer's input and its intermediate tensors: autograd keeps what it needs in native memory
    private Tensor step(Scope outer, int layer, Tensor hidden, ModelInput input) {
        try (Scope inner = engine.scope()) {
            Tensor output = inner.keep(layer(layer, hidden, input));
            outer.drop(hidden);
            return output;
        }
    }
}
