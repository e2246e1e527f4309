package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * GLM-4 (Team GLM, arXiv 2406.12793), as HuggingFace's {@code GlmForCausalLM}, and GLM-4-0414, as
 * {@code Glm4ForCausalLM}, which also normalises the output of each part. Rotary positions turn neighbouring elements of
 * half of each head.
 */
final class GlmFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(4096, 40, 32, 2, 128, 131_072);
    private static final double HALF = 0.5;

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.GATE_UP, "mlp.gate_up_proj")
            .with(Module.ATTENTION_OUTPUT_NORM, "post_self_attn_layernorm")
            .with(Module.FEED_FORWARD_OUTPUT_NORM, "post_mlp_layernorm");

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        Rope rope = sizes.ropes(HALF).read(Rope.USUAL_THETA).withNeighbours();
        ModelConfig model = sizes.model(
                151_552,
                OptionalLong.of(151_329),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                sizes.attention()
                        .withBiases(config.flag("attention_bias", true), false)
                        .withRope(rope)
                        .times(sizes.layers()),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 13_696),
                        config.activation("hidden_act", "silu"),
                        true,
                        true,
                        false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1.5625e-7), false),
                config.family().equals("glm4") ? ModelConfig.Residual.SANDWICH : ModelConfig.Residual.PRE_NORM,
                sizes.attentionDropout());
        return ModelDescription.decoder(
                model,
                NAMES,
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_up_proj", "down_proj"),
                config.flag("tie_word_embeddings", false));
    }
}
