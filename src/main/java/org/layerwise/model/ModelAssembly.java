package org.layerwise.model;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Puts a transformer together from a configuration, the family's names and the checkpoint's weights. */
final class ModelAssembly {

    private final TensorEngine engine;
    private final ModelConfig config;
    private final WeightNames names;
    private final Weights weights;

    ModelAssembly(TensorEngine engine, ModelConfig config, WeightNames names, Weights weights) {
        this.engine = engine;
        this.config = config;
        this.names = names;
        this.weights = weights;
    }

    Transformer build(Progress progress) {
        progress.report(0, "Loading embeddings");
        Embeddings embeddings = new Embeddings(
                table(names.tokenEmbedding(), config.vocabularySize(), progress),
                table(names.positionEmbedding(), config.positions().most(), progress),
                table(names.segmentEmbedding(), config.segments(), progress),
                norm(names.inBody(names.embeddingNorm()), progress));
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            progress.report(
                    (layer + 1.0) / (config.layers() + 1), "Loading layer %d of %d".formatted(layer, config.layers()));
            blocks.add(block(layer, progress));
        }
        return new Transformer(engine, config, embeddings, blocks, ModelConfig.Dropout.NONE);
    }

    private Block block(int layer, Progress progress) {
        int hidden = config.hiddenSize();
        int heads = config.attention().heads() * config.attention().headSize();
        int inner = config.feedForward().size();
        return new Block(
                config.attention(),
                linear(layer, names.query(), heads, hidden, progress),
                linear(layer, names.key(), heads, hidden, progress),
                linear(layer, names.value(), heads, hidden, progress),
                linear(layer, names.attentionOutput(), hidden, heads, progress),
                norm(names.inLayer(layer, names.attentionNorm()), progress),
                linear(layer, names.up(), inner, hidden, progress),
                config.feedForward().activation(),
                linear(layer, names.down(), hidden, inner, progress),
                norm(names.inLayer(layer, names.feedForwardNorm()), progress));
    }

    private Tensor table(String module, int rows, Progress progress) {
        return weights.load(names.inBody(module) + ".weight", progress, rows, config.hiddenSize());
    }

    private Linear linear(int layer, String module, int out, int in, Progress progress) {
        String name = names.inLayer(layer, module);
        return new Linear(
                name,
                weights.load(name + ".weight", progress, out, in),
                weights.load(name + ".bias", progress, out),
                null);
    }

    private LayerNorm norm(String name, Progress progress) {
        return new LayerNorm(
                weights.load(name + ".weight", progress, config.hiddenSize()),
                weights.load(name + ".bias", progress, config.hiddenSize()),
                config.norm().epsilon());
    }
}
