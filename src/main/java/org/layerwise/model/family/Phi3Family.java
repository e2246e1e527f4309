package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * Phi-3 and Phi-4-mini (Abdin et al., arXiv 2404.14219), with fused linear maps, as HuggingFace's
 * {@code Phi3ForCausalLM}.
 */
final class Phi3Family implements Family {

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.QUERY_KEY_VALUE, "self_attn.qkv_proj")
            .with(Module.GATE_UP, "mlp.gate_up_proj");

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("attention_bias", "mlp_bias");
        DecoderSizes sizes = DecoderSizes.read(config, new DecoderSizes.Defaults(3072, 32, 32, 0, 0, 4096));
        Rope rope = sizes.ropes(1).read(Rope.USUAL_THETA);
        int window = config.window("sliding_window", OptionalInt.empty()).orElse(0);
        ModelConfig model = sizes.model(
                32064,
                OptionalLong.of(32000),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                sizes.attention()
                        .withMaps(AttentionConfig.Layout.FUSED)
                        .withWindow(window)
                        .withRope(rope)
                        .times(sizes.layers()),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 8192),
                        config.activation("hidden_act", "silu"),
                        true,
                        true,
                        false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-5), false),
                ModelConfig.Residual.PRE_NORM,
                sizes.dropout(0, config.dropout("resid_pdrop", 0)));
        return ModelDescription.decoder(
                model,
                NAMES,
                List.of("qkv_proj", "o_proj", "gate_up_proj", "down_proj"),
                config.flag("tie_word_embeddings", false));
    }
}
