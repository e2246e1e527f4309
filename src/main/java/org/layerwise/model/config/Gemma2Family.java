package org.layerwise.model.config;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.ModelConfig.Attention.QueryKeyNorm;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Gemma 2 (Rivière et al., arXiv 2408.00118), as HuggingFace's {@code Gemma2ForCausalLM}: capped scores, a window in
 * every second layer, normalisation before and after each part. Gemma 3 shares its parts.
 */
final class Gemma2Family implements Family {

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.ATTENTION_OUTPUT_NORM, "post_attention_layernorm")
            .with(Module.FEED_FORWARD_NORM, "pre_feedforward_layernorm")
            .with(Module.FEED_FORWARD_OUTPUT_NORM, "post_feedforward_layernorm");

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(2304, 26, 8, 4, 256, 8192);

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        double cap = config.numberOrOff("attn_logit_softcapping", 50);
        return read(
                config,
                sizes,
                256_000,
                attention(config, sizes, false, cap, reaches(config, sizes.layers(), sizes.rope())),
                config.numberOrOff("final_logit_softcapping", 30));
    }

    /**
     * Returns the description of a model with these parts.
     *
     * @param vocabulary default size of the vocabulary
     * @param cap limit of the logits of the language model; 0 for none
     */
    static ModelDescription read(
            ConfigReader config, DecoderSizes sizes, int vocabulary, ModelConfig.Attention attention, double cap) {
        config.requireOff("use_bidirectional_attention");
        int tokens = config.positive("vocab_size", vocabulary);
        ModelConfig model = sizes.model(
                tokens,
                OptionalLong.of(config.tokenId("pad_token_id", 0, tokens)),
                GemmaFamily.scaled(sizes.hiddenSize()),
                attention,
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 9216),
                        config.activation("hidden_activation", "gelu_pytorch_tanh"),
                        true,
                        false,
                        false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS_PLUS_ONE, config.epsilon("rms_norm_eps", 1e-6), false),
                ModelConfig.Residual.SANDWICH,
                sizes.attentionDropout());
        return new ModelDescription(
                model, NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", true), 1, cap, null);
    }

    /** Returns the attention; each head's queries and keys may be normalised, and the scores capped. */
    static ModelConfig.Attention attention(
            ConfigReader config, DecoderSizes sizes, boolean headNorm, double cap, List<ModelConfig.Reach> reaches) {
        boolean bias = config.flag("attention_bias", false);
        return sizes.attention(reaches)
                .withBiases(bias, bias)
                .withNorm(headNorm ? QueryKeyNorm.EACH_HEAD : QueryKeyNorm.NONE)
                .withSoftCap(cap);
    }

    /** Returns the scale of attention scores. */
    static double scale(ConfigReader config) {
        return 1 / Math.sqrt(config.above0("query_pre_attn_scalar", 256));
    }

    private static List<ModelConfig.Reach> reaches(ConfigReader config, int layers, Rope rope) {
        LayerTypes types = new LayerTypes(config, layers);
        int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
        double scale = scale(config);
        return types.reaches(
                layer -> layer % 2 == 0,
                new ModelConfig.Reach(window, scale, rope),
                new ModelConfig.Reach(0, scale, rope));
    }
}
