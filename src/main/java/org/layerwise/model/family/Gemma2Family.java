package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Gemma 2 (Rivière et al., arXiv 2408.00118), as HuggingFace's {@code Gemma2ForCausalLM}: capped scores, a window in
 * every second layer, normalisation before and after each part. Gemma 3 shares its parts.
 */
final class Gemma2Family implements Family {

    /** Names of the modules of Gemma 2, which later versions share. */
    static final ModuleNames NAMES = LlamaFamily.NAMES
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
                layers(config, sizes, attention(config, sizes).withSoftCap(cap)),
                config.numberOrOff("final_logit_softcapping", 30));
    }

    /**
     * Returns the description of a model with these parts.
     *
     * @param vocabulary default size of the vocabulary
     * @param cap limit of the logits of the language model; 0 for none
     */
    static ModelDescription read(
            ConfigReader config, DecoderSizes sizes, int vocabulary, List<AttentionConfig> attention, double cap) {
        ModelConfig model = sizes.model(
                vocabulary,
                OptionalLong.of(0),
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
                model, NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", true), 1, cap, false, null);
    }

    /** Returns the attention of these sizes, without positions. */
    static AttentionConfig attention(ConfigReader config, DecoderSizes sizes) {
        return sizes.biasedAttention(false).withScale(1 / Math.sqrt(config.above0("query_pre_attn_scalar", 256)));
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
        AttentionConfig full = attention.withRope(sizes.rope());
        return new LayerTypes(config, sizes.layers()).attention(layer -> layer % 2 == 0, full.withWindow(window), full);
    }
}
