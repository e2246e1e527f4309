package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * ModernBERT (Warner et al., arXiv 2412.13663), as HuggingFace's {@code ModernBertForSequenceClassification}: every
 * n-th layer sees the whole row, all others a window, with rotary positions of different bases.
 */
final class ModernBertFamily implements Family {

    private static final ModuleNames NAMES = ModuleNames.of("model.", "layers.")
            .with(Module.TOKENS, "embeddings.tok_embeddings")
            .with(Module.EMBEDDING_NORM, "embeddings.norm")
            .with(Module.QUERY_KEY_VALUE, "attn.Wqkv")
            .with(Module.ATTENTION_OUTPUT, "attn.Wo")
            .with(Module.ATTENTION_NORM, "attn_norm")
            .with(Module.GATE_UP, "mlp.Wi")
            .with(Module.DOWN, "mlp.Wo")
            .with(Module.FEED_FORWARD_NORM, "mlp_norm")
            .with(Module.FINAL_NORM, "final_norm")
            .with(Module.HEAD_DENSE, "head.dense")
            .with(Module.HEAD_NORM, "head.norm")
            .with(Module.CLASSIFIER, "classifier");

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireAbsent("rope_scaling");
        int hiddenSize = config.positive("hidden_size", 768);
        int heads = config.heads("num_attention_heads", 12);
        config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        int headSize = hiddenSize / heads;
        int layers = config.layers("num_hidden_layers", 22);
        int most = config.positive("max_position_embeddings", 8192);
        boolean attentionBias = config.flag("attention_bias", false);
        double attentionDropout = config.dropout("attention_dropout", 0);
        String pooling = config.requireText("classifier_pooling", "cls", "cls", "mean");
        int vocabulary = config.positive("vocab_size", 50368);
        ModelConfig model = new ModelConfig(
                config.family(),
                LayerConfig.of(
                        attention(
                                config,
                                layers,
                                most,
                                AttentionConfig.of(heads, heads, headSize)
                                        .withMaps(AttentionConfig.Layout.FUSED)
                                        .withBiases(attentionBias, attentionBias)),
                        new ModelConfig.FeedForward(
                                config.positive("intermediate_size", 1152),
                                config.activation("hidden_activation", "gelu"),
                                true,
                                true,
                                config.flag("mlp_bias", false))),
                hiddenSize,
                vocabulary,
                ModelConfig.Direction.BOTH,
                new ModelConfig.Positions.Rotary(most),
                ModelConfig.Embedding.normed(hiddenSize, 0),
                OptionalLong.of(config.tokenId("pad_token_id", 50283, vocabulary)),
                new ModelConfig.Norm(
                        ModelConfig.Norm.Kind.LAYER, config.epsilon("norm_eps", 1e-5), config.flag("norm_bias", false)),
                ModelConfig.Residual.PRE_NORM_BUT_FIRST,
                1,
                finalNorm(config),
                new ModelConfig.Dropout(
                        config.dropout("embedding_dropout", 0),
                        attentionDropout,
                        attentionDropout,
                        config.dropout("mlp_dropout", 0),
                        0,
                        0,
                        config.dropout("classifier_dropout", 0)),
                new ModelConfig.Head(
                        pooling.equals("cls") ? ModelConfig.Head.Pooling.FIRST : ModelConfig.Head.Pooling.MEAN,
                        config.activation("classifier_activation", "gelu"),
                        config.flag("classifier_bias", false),
                        true,
                        true),
                config.labels(),
                config.number("initializer_range", 0.02));
        return ModelDescription.of(model, NAMES, List.of("attn.Wqkv", "attn.Wo", "mlp.Wi", "mlp.Wo"));
    }

    /** Returns where the last norm belongs: transformers 5 applies it to the last hidden state, transformers 4 in the head. */
    private static ModelConfig.FinalNorm finalNorm(ConfigReader config) {
        return config.isSet(RopeReader.PARAMETERS)
                ? ModelConfig.FinalNorm.IN_LAST_STATE
                : ModelConfig.FinalNorm.HEAD_ONLY;
    }

    private static List<AttentionConfig> attention(ConfigReader config, int layers, int most, AttentionConfig usual) {
        int every = config.positive("global_attn_every_n_layers", 3);
        int window = config.positive("local_attention", 128);
        RopeReader ropes = new RopeReader(config, usual.headSize(), most, RopeReader.WHOLE);
        Rope global = ropes.read(LayerTypes.FULL, "global_rope_theta", 160_000, false);
        // a missing key means 10,000, but null means the global base
        double localTheta = config.isNull("local_rope_theta") ? global.theta() : Rope.USUAL_THETA;
        Rope local = ropes.read(LayerTypes.SLIDING, "local_rope_theta", localTheta, false);
        LayerTypes types = new LayerTypes(config, layers);
        return types.attention(
                layer -> layer % every != 0, usual.withWindow(window).withRope(local), usual.withRope(global));
    }
}
