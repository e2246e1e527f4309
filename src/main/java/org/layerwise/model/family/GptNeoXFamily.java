package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * GPT-NeoX (Black et al., arXiv 2204.06745) and Pythia (Biderman et al., arXiv 2304.01373), as HuggingFace's
 * {@code GPTNeoXForCausalLM}: attention and feed-forward part side by side, each with a norm of its own, and one linear
 * map for queries, keys and values, head by head.
 */
final class GptNeoXFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(6144, 44, 64, 0, 0, 2048);
    private static final double QUARTER = 0.25;
    private static final String THETA = "rotary_emb_base";
    private static final String SHARE = "rotary_pct";

    private static final ModuleNames NAMES = ModuleNames.of("gpt_neox.", "layers.")
            .with(Module.TOKENS, "embed_in")
            .with(Module.QUERY_KEY_VALUE, "attention.query_key_value")
            .with(Module.ATTENTION_OUTPUT, "attention.dense")
            .with(Module.ATTENTION_NORM, "input_layernorm")
            .with(Module.UP, "mlp.dense_h_to_4h")
            .with(Module.DOWN, "mlp.dense_4h_to_h")
            .with(Module.FEED_FORWARD_NORM, "post_attention_layernorm")
            .with(Module.FINAL_NORM, "final_layer_norm")
            .with(Module.CLASSIFIER, "score")
            .with(Module.LANGUAGE_MODEL, "embed_out")
            .renamed(Module.LANGUAGE_MODEL, "lm_head");

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireAbsent("num_key_value_heads", "head_dim");
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        double dropout = config.dropout("hidden_dropout", 0);
        // transformers passes over the usual names
        config.requireNumber("rope_theta", config.above0(THETA, Rope.USUAL_THETA));
        config.requireNumber("partial_rotary_factor", config.above0(SHARE, QUARTER));
        RopeReader ropes = sizes.ropes(QUARTER).withKeys(new RopeReader.Keys(THETA, SHARE, Set.of()));
        ModelConfig model = sizes.model(
                50_432,
                OptionalLong.empty(),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                sizes.biasedAttention(true)
                        .withMaps(AttentionConfig.Layout.FUSED_BY_HEAD)
                        .withRope(ropes.read(Rope.USUAL_THETA))
                        .times(sizes.layers()),
                ModelConfig.FeedForward.plain(
                        config.positive("intermediate_size", 24_576), config.activation("hidden_act", "gelu")),
                ModelConfig.Norm.layer(config.epsilon("layer_norm_eps", 1e-5)),
                config.flag("use_parallel_residual", true)
                        ? ModelConfig.Residual.PARALLEL_TWO_NORMS
                        : ModelConfig.Residual.PRE_NORM,
                sizes.dropout(dropout, dropout));
        return ModelDescription.decoder(
                model, NAMES, List.of("query_key_value"), config.flag("tie_word_embeddings", false));
    }
}
