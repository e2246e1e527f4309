package org.layerwise.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.AttentionPart;
import org.layerwise.model.layer.Convolution;
import org.layerwise.model.layer.DeltaProjection;
import org.layerwise.model.layer.DisentangledAttention;
import org.layerwise.model.layer.Embeddings;
import org.layerwise.model.layer.Experts;
import org.layerwise.model.layer.FeedForwardPart;
import org.layerwise.model.layer.GatedDeltaNet;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.Projection;
import org.layerwise.model.layer.RelativeTable;
import org.layerwise.model.layer.ResidualConnection;
import org.layerwise.model.layer.Router;
import org.layerwise.model.layer.SelfAttention;
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

    /** @param type type in which linear maps compute; norms always compute in float32 */
    ModelAssembly(TensorEngine engine, ModelConfig config, ModuleNames names, WeightSource weights, DType type) {
        this.engine = engine;
        this.config = config;
        this.names = names;
        this.weights = weights;
        this.type = type;
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
                weights.tensor(names.inBody(Module.TOKENS) + ".weight", type, config.vocabularySize(), width),
                positions == 0
                        ? null
                        : weights.tensor(names.inBody(Module.POSITIONS) + ".weight", type, positions, width),
                shape.segments() == 0
                        ? null
                        : weights.tensor(names.inBody(Module.SEGMENTS) + ".weight", type, shape.segments(), width),
                shape.norm() ? norm(names.inBody(Module.EMBEDDING_NORM), normed) : new Norm.Identity(),
                width == config.hiddenSize() ? null : projection(width));
    }

    // the projection of ELECTRA has a bias, that of DeBERTa has none
    private Linear projection(int width) {
        return linear(
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
        Norm norm = norm(name, config.hiddenSize());
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
                : norm(names.inBody(Module.FINAL_NORM), config.hiddenSize());
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
                relative == null ? attention(layer) : disentangled(layer, relative),
                aroundAttention,
                feedForward(layer),
                shared
                        ? aroundAttention
                        : around(
                                besideDense(layer) ? null : Module.FEED_FORWARD_NORM,
                                Module.FEED_FORWARD_OUTPUT_NORM,
                                layer),
                parallel,
                config.layer(layer).scaled()
                        ? weights.tensor(names.inLayer(layer, Module.LAYER_SCALE), DType.F32, 1)
                        : null,
                layer == 0 ? convolution() : null);
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
        Norm norm = of == null || residual == ModelConfig.Residual.BRANCH_NORM ? none : norm(names.inLayer(layer, of));
        return new ResidualConnection(
                after ? none : norm,
                output ? norm(names.inLayer(layer, ofOutput)) : none,
                config.branchScale(),
                after ? norm : none);
    }

    private AttentionPart attention(int layer) {
        return config.layer(layer).mixer() instanceof DeltaNetConfig shape
                ? deltaNet(layer, shape)
                : attention(layer, Objects.requireNonNull(config.layer(layer).attention()));
    }

    private AttentionPart deltaNet(int layer, DeltaNetConfig shape) {
        return new GatedDeltaNet(
                engine,
                shape,
                deltaProjection(layer, shape),
                weights.tensor(
                        names.inLayer(layer, Module.DELTA_CONVOLUTION) + ".weight",
                        type,
                        shape.channels(),
                        1,
                        shape.kernel()),
                weights.tensor(names.inLayer(layer, Module.DELTA_DECAY_LOG), DType.F32, shape.valueHeads()),
                weights.tensor(names.inLayer(layer, Module.DELTA_DECAY_BIAS), DType.F32, shape.valueHeads()),
                new Norm.RootMeanSquare(
                        weights.tensor(
                                names.inLayer(layer, Module.DELTA_NORM) + ".weight", DType.F32, shape.valueSize()),
                        config.norm().epsilon()),
                inLayer(layer, Module.DELTA_OUTPUT, config.hiddenSize(), shape.valueWidth(), false));
    }

    private DeltaProjection deltaProjection(int layer, DeltaNetConfig shape) {
        int hidden = config.hiddenSize();
        int heads = shape.valueHeads();
        return shape.fused()
                ? new DeltaProjection.Fused(
                        engine,
                        shape,
                        inLayer(layer, Module.DELTA_INPUT, shape.channels() + shape.valueWidth(), hidden, false),
                        inLayer(layer, Module.DELTA_RATES, 2 * heads, hidden, false))
                : new DeltaProjection.Separate(
                        inLayer(layer, Module.DELTA_INPUT, shape.channels(), hidden, false),
                        inLayer(layer, Module.DELTA_GATE, shape.valueWidth(), hidden, false),
                        inLayer(layer, Module.DELTA_WRITE_RATE, heads, hidden, false),
                        inLayer(layer, Module.DELTA_DECAY_RATE, heads, hidden, false));
    }

    private AttentionPart attention(int layer, AttentionConfig shape) {
        return new SelfAttention(
                shape,
                projection(layer, shape),
                queryKeyNorm(layer, Module.QUERY_NORM, shape, shape.queryWidth()),
                queryKeyNorm(layer, Module.KEY_NORM, shape, shape.keyValueWidth()),
                valueNorm(shape),
                shape.sinks() ? weights.tensor(names.inLayer(layer, Module.SINKS), DType.F32, shape.heads()) : null,
                inLayer(
                        layer,
                        Module.ATTENTION_OUTPUT,
                        config.hiddenSize(),
                        shape.queryWidth(),
                        shape.maps().outputBias()));
    }

    private Projection projection(int layer, AttentionConfig shape) {
        int hidden = config.hiddenSize();
        int queries = shape.queryWidth();
        int keys = shape.keyValueWidth();
        boolean bias = shape.maps().bias();
        return switch (shape.maps().layout()) {
            case SEPARATE ->
                new Projection.Separate(
                        inLayer(layer, Module.QUERY, queries, hidden, bias),
                        inLayer(layer, Module.KEY, keys, hidden, bias),
                        inLayer(layer, Module.VALUE, keys, hidden, bias));
            case GATED ->
                new Projection.Gated(
                        inLayer(layer, Module.QUERY, 2 * queries, hidden, bias),
                        inLayer(layer, Module.KEY, keys, hidden, bias),
                        inLayer(layer, Module.VALUE, keys, hidden, bias),
                        shape.headSize());
            case FUSED ->
                new Projection.Fused(
                        inLayer(layer, Module.QUERY_KEY_VALUE, queries + 2 * keys, hidden, bias), queries, keys);
            case KEYS_AS_VALUES ->
                new Projection.KeysAsValues(
                        inLayer(layer, Module.QUERY, queries, hidden, bias),
                        inLayer(layer, Module.KEY, keys, hidden, bias));
            case FUSED_BY_HEAD ->
                new Projection.FusedByHead(
                        inLayer(layer, Module.QUERY_KEY_VALUE, 3 * queries, hidden, bias), shape.headSize());
        };
    }

    private Norm queryKeyNorm(int layer, Module module, AttentionConfig shape, int width) {
        return switch (shape.norm()) {
            case NONE -> new Norm.Identity();
            case EACH_HEAD, EACH_HEAD_AND_VALUES -> norm(names.inLayer(layer, module), shape.headSize());
            case ALL_HEADS -> norm(names.inLayer(layer, module), width);
        };
    }

    private Norm valueNorm(AttentionConfig shape) {
        return shape.norm() == AttentionConfig.QueryKeyNorm.EACH_HEAD_AND_VALUES
                ? new Norm.Unweighted(config.norm().epsilon())
                : new Norm.Identity();
    }

    private AttentionPart disentangled(int layer, RelativeTable relative) {
        AttentionConfig shape = Objects.requireNonNull(config.layer(layer).attention());
        DisentangledConfig positions = Objects.requireNonNull(config.disentangled());
        int hidden = config.hiddenSize();
        boolean ownKey = !positions.sharedKeys() && positions.contentToPosition();
        boolean ownQuery = !positions.sharedKeys() && positions.positionToContent();
        return new DisentangledAttention(
                shape,
                positions,
                inLayer(layer, Module.QUERY, hidden, hidden, true),
                inLayer(layer, Module.KEY, hidden, hidden, true),
                inLayer(layer, Module.VALUE, hidden, hidden, true),
                ownKey ? inLayer(layer, Module.POSITION_KEY, hidden, hidden, true) : null,
                ownQuery ? inLayer(layer, Module.POSITION_QUERY, hidden, hidden, true) : null,
                inLayer(layer, Module.ATTENTION_OUTPUT, hidden, hidden, true),
                relative);
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
                norm(names.inBody(Module.CONVOLUTION_NORM)));
    }

    private FeedForwardPart feedForward(int layer) {
        ModelConfig.FeedForward shape = config.layer(layer).feedForward();
        ExpertsConfig experts = config.layer(layer).experts();
        if (experts == null) {
            return dense(layer, shape);
        }
        return experts.beside() > 0
                ? new FeedForwardPart.WithExperts(
                        norm(names.inLayer(layer, Module.FEED_FORWARD_NORM)),
                        dense(layer, shape),
                        norm(names.inLayer(layer, Module.DENSE_OUTPUT_NORM)),
                        besideDense(layer, experts, shape),
                        norm(names.inLayer(layer, Module.EXPERTS_OUTPUT_NORM)))
                : experts(layer, experts, shape);
    }

    /** Returns true if a layer has experts beside its feed-forward part, which normalise their input on their own. */
    private boolean besideDense(int layer) {
        ExpertsConfig experts = config.layer(layer).experts();
        return experts != null && experts.beside() > 0;
    }

    private FeedForwardPart dense(int layer, ModelConfig.FeedForward shape) {
        if (!shape.gated()) {
            return new FeedForwardPart.Plain(inner(layer, Module.UP, 1), shape.activation(), down(layer));
        }
        return shape.fused()
                ? new FeedForwardPart.FusedGated(inner(layer, Module.GATE_UP, 2), shape.activation(), down(layer))
                : new FeedForwardPart.Gated(
                        inner(layer, Module.GATE, 1), inner(layer, Module.UP, 1), shape.activation(), down(layer));
    }

    /** Returns the experts of Gemma 4, whose weights are stored as one, {@code [experts, out, in]}. */
    private Experts besideDense(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config.hiddenSize();
        int size = experts.beside();
        String name = names.inLayer(layer, Module.EXPERTS);
        String gateUp = name + ".gate_up_proj";
        String down = name + ".down_proj";
        Tensor allGateUp = weights.tensor(gateUp, type, experts.count(), 2L * size, hidden);
        Tensor allDown = weights.tensor(down, type, experts.count(), hidden, size);
        List<FeedForwardPart> parts = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            parts.add(new FeedForwardPart.FusedGated(
                    ofStack(allGateUp, gateUp, expert, 2 * size, hidden),
                    shape.activation(),
                    ofStack(allDown, down, expert, hidden, size)));
        }
        Tensor scale = weights.tensor(names.inLayer(layer, Module.ROUTER_SCALE), DType.F32, hidden);
        Router router = new Router(
                new Norm.Unweighted(config.norm().epsilon()),
                weights.derived(
                        names.inLayer(layer, Module.ROUTER_SCALE), () -> scale.mul(1 / Math.sqrt(hidden)), hidden),
                inLayer(layer, Module.ROUTER, experts.count(), hidden, false),
                weights.tensor(names.inLayer(layer, Module.ROUTER_FACTORS), DType.F32, experts.count()));
        return new Experts(engine, experts, router, norm(names.inLayer(layer, Module.EXPERTS_NORM)), parts, null, null);
    }

    private Linear ofStack(Tensor all, String name, int expert, int out, int in) {
        String own = name + "." + expert;
        return new Linear(own, weights.derived(own + ".weight", () -> all.select(0, expert), out, in), null, null);
    }

    private Linear inner(int layer, Module module, int times) {
        ModelConfig.FeedForward shape = config.layer(layer).feedForward();
        return inLayer(layer, module, times * shape.size(), config.hiddenSize(), shape.bias());
    }

    private Linear down(int layer) {
        ModelConfig.FeedForward shape = config.layer(layer).feedForward();
        return inLayer(layer, Module.DOWN, config.hiddenSize(), shape.size(), shape.bias());
    }

    private Experts experts(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        boolean limited = experts.limit() > 0;
        return new Experts(
                engine,
                experts,
                Router.plain(inLayer(layer, Module.ROUTER, experts.count(), config.hiddenSize(), limited)),
                new Norm.Identity(),
                limited ? limited(layer, experts, shape) : gated(layer, experts, shape),
                experts.shared() == 0 ? null : shared(layer, experts, shape),
                experts.shared() == 0 ? null : inLayer(layer, Module.SHARED_WEIGHT, 1, config.hiddenSize(), false));
    }

    private FeedForwardPart shared(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config.hiddenSize();
        return new FeedForwardPart.Gated(
                inLayer(layer, Module.SHARED_GATE, experts.shared(), hidden, false),
                inLayer(layer, Module.SHARED_UP, experts.shared(), hidden, false),
                shape.activation(),
                inLayer(layer, Module.SHARED_DOWN, hidden, experts.shared(), false));
    }

    private List<FeedForwardPart> gated(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config.hiddenSize();
        List<FeedForwardPart> parts = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            String gate = names.inExpert(layer, expert, Module.EXPERT_GATE);
            String up = names.inExpert(layer, expert, Module.EXPERT_UP);
            String down = names.inExpert(layer, expert, Module.EXPERT_DOWN);
            parts.add(new FeedForwardPart.Gated(
                    linear(gate, shape.size(), hidden, false, false),
                    linear(up, shape.size(), hidden, false, false),
                    shape.activation(),
                    linear(down, hidden, shape.size(), false, false)));
        }
        return parts;
    }

    /** Returns experts in the form of gpt-oss, whose weights are stored as one, {@code [experts, in, out]}. */
    private List<FeedForwardPart> limited(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        String name = names.inLayer(layer, Module.EXPERTS);
        List<Linear> gateUp = stacked(name + ".gate_up_proj", experts.count(), 2 * shape.size(), config.hiddenSize());
        List<Linear> down = stacked(name + ".down_proj", experts.count(), config.hiddenSize(), shape.size());
        List<FeedForwardPart> parts = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            parts.add(new FeedForwardPart.LimitedGated(gateUp.get(expert), experts.limit(), down.get(expert)));
        }
        return parts;
    }

    private List<Linear> stacked(String name, int count, int out, int in) {
        Tensor all = weights.tensor(name, type, count, in, out);
        Tensor biases = weights.tensor(name + "_bias", type, count, out);
        List<Linear> linears = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int expert = index;
            String own = name + "." + expert;
            linears.add(new Linear(
                    own,
                    weights.derived(own + ".weight", () -> all.select(0, expert).transpose(), out, in),
                    weights.derived(own + ".bias", () -> biases.select(0, expert), out),
                    null));
        }
        return linears;
    }

    private Linear inLayer(int layer, Module module, int out, int in, boolean bias) {
        return linear(names.inLayer(layer, module), out, in, bias, names.turned());
    }

    private Linear linear(String name, int out, int in, boolean bias, boolean turned) {
        return new Linear(
                name,
                turned ? turned(name, out, in) : weights.tensor(name + ".weight", type, out, in),
                bias ? weights.tensor(name + ".bias", type, out) : null,
                null);
    }

    private Tensor turned(String name, int out, int in) {
        Tensor stored = weights.tensor(name + ".weight", type, in, out);
        return weights.derived(name + ".weight", stored::transpose, out, in);
    }

    private Norm norm(String name) {
        return norm(name, config.hiddenSize());
    }

    Norm norm(String name, int width) {
        Tensor weight = weights.tensor(name + ".weight", DType.F32, width);
        double epsilon = config.norm().epsilon();
        return switch (config.norm().kind()) {
            case LAYER ->
                new Norm.Layer(
                        weight,
                        config.norm().bias()
                                ? weights.tensor(name + ".bias", DType.F32, width)
                                : weights.derived(
                                        name + ".bias", () -> engine.zeros(DType.F32, weight.device(), width), width),
                        epsilon);
            case RMS -> new Norm.RootMeanSquare(weight, epsilon);
            case RMS_PLUS_ONE ->
                new Norm.RootMeanSquare(weights.derived(name + ".weight", () -> weight.add(1), width), epsilon);
        };
    }
}
