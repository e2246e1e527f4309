package org.layerwise.model;

import java.util.Objects;
import java.util.OptionalInt;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.AttentionPart;
import org.layerwise.model.layer.DeltaProjection;
import org.layerwise.model.layer.DisentangledAttention;
import org.layerwise.model.layer.GatedDeltaNet;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.Projection;
import org.layerwise.model.layer.RelativeTable;
import org.layerwise.model.layer.SelfAttention;
import org.layerwise.model.layer.SharedKeyValues;
import org.layerwise.tensor.DType;

/** Assembles the parts of layers that mix the tokens of a row. */
record AttentionAssembly(ModuleSource modules) {

    /** Returns the attention of a layer, or what takes its place. */
    AttentionPart of(int layer) {
        return config().layer(layer).mixer() instanceof DeltaNetConfig shape
                ? deltaNet(layer, shape)
                : attention(layer, Objects.requireNonNull(config().layer(layer).attention()));
    }

    /** Returns the access of a layer to keys and values that layers share. */
    SharedKeyValues shared(int layer) {
        OptionalInt source = config().layer(layer).keysOf();
        return new SharedKeyValues(
                config().hiddenSize(), source.isEmpty() ? null : place(source.getAsInt()), config().sharesKeys(layer));
    }

    private SharedKeyValues.Place place(int source) {
        return new SharedKeyValues.Place(
                config().stateWidth(source),
                Objects.requireNonNull(config().layer(source).attention()));
    }

    private AttentionPart deltaNet(int layer, DeltaNetConfig shape) {
        return new GatedDeltaNet(
                modules.engine(),
                shape,
                deltaProjection(layer, shape),
                modules.weight(layer, Module.DELTA_CONVOLUTION, modules.type(), shape.channels(), 1, shape.kernel()),
                modules.vector(layer, Module.DELTA_DECAY_LOG, shape.valueHeads()),
                modules.vector(layer, Module.DELTA_DECAY_BIAS, shape.valueHeads()),
                new Norm.RootMeanSquare(
                        modules.weight(layer, Module.DELTA_NORM, DType.F32, shape.valueSize()),
                        config().norm().epsilon()),
                modules.inLayer(layer, Module.DELTA_OUTPUT, config().hiddenSize(), shape.valueWidth(), false));
    }

    private DeltaProjection deltaProjection(int layer, DeltaNetConfig shape) {
        int hidden = config().hiddenSize();
        int heads = shape.valueHeads();
        return shape.fused()
                ? new DeltaProjection.Fused(
                        modules.engine(),
                        shape,
                        modules.inLayer(
                                layer, Module.DELTA_INPUT, shape.channels() + shape.valueWidth(), hidden, false),
                        modules.inLayer(layer, Module.DELTA_RATES, 2 * heads, hidden, false))
                : new DeltaProjection.Separate(
                        modules.inLayer(layer, Module.DELTA_INPUT, shape.channels(), hidden, false),
                        modules.inLayer(layer, Module.DELTA_GATE, shape.valueWidth(), hidden, false),
                        modules.inLayer(layer, Module.DELTA_WRITE_RATE, heads, hidden, false),
                        modules.inLayer(layer, Module.DELTA_DECAY_RATE, heads, hidden, false));
    }

    private AttentionPart attention(int layer, AttentionConfig shape) {
        return new SelfAttention(
                shape,
                projection(layer, shape),
                queryKeyNorm(layer, Module.QUERY_NORM, shape, shape.queryWidth()),
                shape.maps().layout() == AttentionConfig.Layout.QUERIES
                        ? new Norm.Identity()
                        : queryKeyNorm(layer, Module.KEY_NORM, shape, shape.keyValueWidth()),
                valueNorm(shape),
                shape.sinks() ? modules.vector(layer, Module.SINKS, shape.heads()) : null,
                modules.inLayer(
                        layer,
                        Module.ATTENTION_OUTPUT,
                        config().hiddenSize(),
                        shape.queryWidth(),
                        shape.maps().outputBias()));
    }

    private Projection projection(int layer, AttentionConfig shape) {
        int hidden = config().hiddenSize();
        int queries = shape.queryWidth();
        int keys = shape.keyValueWidth();
        boolean bias = shape.maps().bias();
        return switch (shape.maps().layout()) {
            case SEPARATE ->
                new Projection.Separate(
                        modules.inLayer(layer, Module.QUERY, queries, hidden, bias),
                        modules.inLayer(layer, Module.KEY, keys, hidden, bias),
                        modules.inLayer(layer, Module.VALUE, keys, hidden, bias));
            case GATED ->
                new Projection.Gated(
                        modules.inLayer(layer, Module.QUERY, 2 * queries, hidden, bias),
                        modules.inLayer(layer, Module.KEY, keys, hidden, bias),
                        modules.inLayer(layer, Module.VALUE, keys, hidden, bias),
                        shape.headSize());
            case FUSED ->
                new Projection.Fused(
                        modules.inLayer(layer, Module.QUERY_KEY_VALUE, queries + 2 * keys, hidden, bias),
                        queries,
                        keys);
            case KEYS_AS_VALUES ->
                new Projection.KeysAsValues(
                        modules.inLayer(layer, Module.QUERY, queries, hidden, bias),
                        modules.inLayer(layer, Module.KEY, keys, hidden, bias));
            case QUERIES -> new Projection.Queries(modules.inLayer(layer, Module.QUERY, queries, hidden, bias));
            case FUSED_BY_HEAD ->
                new Projection.FusedByHead(
                        modules.inLayer(layer, Module.QUERY_KEY_VALUE, 3 * queries, hidden, bias), shape.headSize());
        };
    }

    private Norm queryKeyNorm(int layer, Module module, AttentionConfig shape, int width) {
        return switch (shape.norm()) {
            case NONE -> new Norm.Identity();
            case EACH_HEAD, EACH_HEAD_AND_VALUES -> modules.norm(layer, module, shape.headSize());
            case ALL_HEADS -> modules.norm(layer, module, width);
        };
    }

    private Norm valueNorm(AttentionConfig shape) {
        return shape.norm() == AttentionConfig.QueryKeyNorm.EACH_HEAD_AND_VALUES
                ? new Norm.Unweighted(config().norm().epsilon())
                : new Norm.Identity();
    }

    /** Returns the attention of a layer of DeBERTa. */
    AttentionPart disentangled(int layer, RelativeTable relative) {
        AttentionConfig shape = Objects.requireNonNull(config().layer(layer).attention());
        DisentangledConfig positions = Objects.requireNonNull(config().disentangled());
        int hidden = config().hiddenSize();
        boolean ownKey = !positions.sharedKeys() && positions.contentToPosition();
        boolean ownQuery = !positions.sharedKeys() && positions.positionToContent();
        return new DisentangledAttention(
                shape,
                positions,
                modules.inLayer(layer, Module.QUERY, hidden, hidden, true),
                modules.inLayer(layer, Module.KEY, hidden, hidden, true),
                modules.inLayer(layer, Module.VALUE, hidden, hidden, true),
                ownKey ? modules.inLayer(layer, Module.POSITION_KEY, hidden, hidden, true) : null,
                ownQuery ? modules.inLayer(layer, Module.POSITION_QUERY, hidden, hidden, true) : null,
                modules.inLayer(layer, Module.ATTENTION_OUTPUT, hidden, hidden, true),
                relative);
    }

    private ModelConfig config() {
        return modules.config();
    }
}
