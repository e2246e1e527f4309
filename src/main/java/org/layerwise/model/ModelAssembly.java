package org.layerwise.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.PerLayerInputConfig;
import org.layerwise.model.layer.Convolution;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.PerLayerEmbeddings;
import org.layerwise.model.layer.PerLayerInput;
import org.layerwise.model.layer.RelativeTable;
import org.layerwise.model.layer.ResidualConnection;
import org.layerwise.model.layer.TransformerLayer;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Assembles a transformer from a configuration, the family's module names and a source of weights. */
final class ModelAssembly {

    private final TensorEngine engine;
    private final ModelConfig config;
    private final ModuleNames names;
    private final WeightSource weights;
    private final DType type;
    private final ModuleSource modules;
    private final AttentionAssembly attention;
    private final FeedForwardAssembly feedForward;

    /** @param type type in which linear maps compute; norms always compute in float32 */
    ModelAssembly(TensorEngine engine, ModelConfig config, ModuleNames names, WeightSource weights, DType type) {
        this.engine = engine;
        this.config = config;
        this.names = names;
        this.weights = weights;
        this.type = type;
        this.modules = new ModuleSource(engine, config, names, weights, type);
        this.attention = new AttentionAssembly(modules);
        this.feedForward = new FeedForwardAssembly(modules);
    }

    /** Returns the source of linear maps and normalisations. */
    ModuleSource modules() {
        return modules;
    }

    Transformer build(Progress progress) {
        progress.report(0, "Loading embeddings");
        Embeddings embeddings = embeddings();
        RelativeTable relative = relativeTable();
        List<TransformerLayer> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            progress.report(
                    (layer + 1.0) / (config.layers() + 1), "Loading layer %s of %s".formatted(layer, config.layers()));
            blocks.add(block(layer, relative));
        }
        return new Transformer(engine, config, type, embeddings, blocks, finalNorm(), ModelConfig.Dropout.NONE, false);
    }

    Embeddings embeddings() {
        ModelConfig.Embedding shape = config.embedding();
        int width = shape.width();
        int positions = config.positions() instanceof ModelConfig.Positions.Learned learned
                ? learned.rows()
                : config.positions() instanceof ModelConfig.Positions.Relative relative ? relative.added() : 0;
        int normed = shape.projectedFirst() ? config.hiddenSize() : width;
        return new Embeddings(
                shape,
                type,
                weights.table(names.inBody(Module.TOKENS) + ".weight", type, config.vocabularySize(), width),
                positions == 0
                        ? null
                        : weights.table(names.inBody(Module.POSITIONS) + ".weight", type, positions, width),
                shape.segments() == 0
                        ? null
                        : weights.table(names.inBody(Module.SEGMENTS) + ".weight", type, shape.segments(), width),
                shape.norm() ? modules.norm(names.inBody(Module.EMBEDDING_NORM), normed) : new Norm.Identity(),
                width == config.hiddenSize() ? null : projection(width),
                shape.perLayer() == null ? null : perLayer(shape.perLayer()));
    }

    private PerLayerEmbeddings perLayer(PerLayerInputConfig shape) {
        int all = config.layers() * shape.width();
        return new PerLayerEmbeddings(
                shape,
                type,
                weights.table(names.inBody(Module.PER_LAYER_TOKENS) + ".weight", type, shape.vocabularySize(), all),
                modules.linear(names.inBody(Module.PER_LAYER_MODEL_PROJECTION), all, config.hiddenSize(), false, false),
                modules.norm(names.inBody(Module.PER_LAYER_NORM), shape.width()));
    }

    // the projection of ELECTRA has a bias, that of DeBERTa has none
    private Linear projection(int width) {
        return modules.linear(
                names.inBody(Module.EMBEDDING_PROJECTION),
                config.hiddenSize(),
                width,
                !config.embedding().projectedFirst(),
                false);
    }

    /** Returns DeBERTa's table of relative positions, which all layers share; null for other families. */
    @Nullable
    RelativeTable relativeTable() {
        DisentangledConfig positions = config.disentangled();
        if (positions == null) {
            return null;
        }
        Tensor table = weights.tensor(
                names.inBody(Module.RELATIVE_POSITIONS) + ".weight", type, 2L * positions.span(), config.hiddenSize());
        if (!positions.normed()) {
            return new RelativeTable(table, new Norm.Identity());
        }
        String name = names.inBody(Module.RELATIVE_NORM);
        Norm norm = modules.norm(name, config.hiddenSize());
        if (weights.trains(name) || weights.trains(names.inBody(Module.RELATIVE_POSITIONS))) {
            return new RelativeTable(table, norm);
        }
        Tensor normed = weights.derived(name, () -> norm.apply(table), 2L * positions.span(), config.hiddenSize());
        return new RelativeTable(normed, new Norm.Identity());
    }

    @Nullable
    Norm finalNorm() {
        return config.finalNorm() == ModelConfig.FinalNorm.NONE
                ? null
                : modules.norm(names.inBody(Module.FINAL_NORM), config.hiddenSize());
    }

    /**
     * Returns a layer.
     *
     * @param relative DeBERTa's table of relative positions, null for other families
     */
    TransformerLayer block(int layer, @Nullable RelativeTable relative) {
        ModelConfig.Residual residual = config.residual();
        boolean shared = residual == ModelConfig.Residual.PARALLEL;
        boolean parallel = shared || residual == ModelConfig.Residual.PARALLEL_TWO_NORMS;
        boolean bare = layer == 0 && residual == ModelConfig.Residual.PRE_NORM_BUT_FIRST;
        ResidualConnection aroundAttention =
                around(bare ? null : Module.ATTENTION_NORM, Module.ATTENTION_OUTPUT_NORM, layer);
        return new TransformerLayer(
                relative == null ? attention.of(layer) : attention.disentangled(layer, relative),
                attention.shared(layer),
                aroundAttention,
                feedForward.of(layer),
                shared
                        ? aroundAttention
                        : around(
                                config.layer(layer).hasExpertsBeside() ? null : Module.FEED_FORWARD_NORM,
                                Module.FEED_FORWARD_OUTPUT_NORM,
                                layer),
                parallel,
                config.embedding().perLayer() == null
                        ? null
                        : perLayerInput(layer, config.embedding().perLayer()),
                config.layer(layer).scaled() ? modules.vector(layer, Module.LAYER_SCALE, 1) : null,
                layer == 0 ? convolution() : null);
    }

    private PerLayerInput perLayerInput(int layer, PerLayerInputConfig shape) {
        int hidden = config.hiddenSize();
        return new PerLayerInput(
                layer,
                modules.inLayer(layer, Module.PER_LAYER_GATE, shape.width(), hidden, false),
                config.layer(layer).feedForward().activation(),
                modules.inLayer(layer, Module.PER_LAYER_PROJECTION, hidden, shape.width(), false),
                modules.norm(layer, Module.PER_LAYER_OUTPUT_NORM));
    }

    /**
     * Returns the residual connection around a part.
     *
     * @param of module of the normalisation of the part's input, or of the sum; null for none
     */
    private ResidualConnection around(@Nullable Module of, Module ofOutput, int layer) {
        Norm none = new Norm.Identity();
        ModelConfig.Residual residual = config.residual();
        boolean after = residual == ModelConfig.Residual.POST_NORM;
        boolean output = residual == ModelConfig.Residual.SANDWICH || residual == ModelConfig.Residual.BRANCH_NORM;
        Norm norm = of == null || residual == ModelConfig.Residual.BRANCH_NORM ? none : modules.norm(layer, of);
        return new ResidualConnection(
                after ? none : norm,
                output ? modules.norm(layer, ofOutput) : none,
                config.branchScale(),
                after ? norm : none);
    }

    private @Nullable Convolution convolution() {
        DisentangledConfig positions = config.disentangled();
        if (positions == null || positions.convolution() == 0) {
            return null;
        }
        int hidden = config.hiddenSize();
        String name = names.inBody(Module.CONVOLUTION);
        return new Convolution(
                weights.tensor(
                        name + ".weight",
                        type,
                        hidden,
                        hidden / positions.convolutionGroups(),
                        positions.convolution()),
                weights.tensor(name + ".bias", type, hidden),
                positions.convolutionGroups(),
                positions.convolutionActivation(),
                modules.norm(names.inBody(Module.CONVOLUTION_NORM), hidden));
    }
}
