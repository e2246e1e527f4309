package org.layerwise.model.family;

import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;

/**
 * Dense models of Granite 3 and 4, as HuggingFace's {@code GraniteForCausalLM}: Llama with factors of the embeddings, the
 * attention scores, the output of each part, and the logits.
 */
final class GraniteFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(4096, 32, 32, 0, 0, 2048);

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        double embeddings = config.above0("embedding_multiplier", 1);
        AttentionConfig attention = sizes.biasedAttention(false)
                .withScale(config.above0("attention_multiplier", 1))
                .withRope(sizes.rope());
        ModelConfig model = sizes.model(
                        32_000,
                        OptionalLong.empty(),
                        ModelConfig.Embedding.scaled(sizes.hiddenSize(), embeddings),
                        attention.times(sizes.layers()),
                        sizes.gated(11_008, config.flag("mlp_bias", false)),
                        new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-6), false),
                        ModelConfig.Residual.PRE_NORM,
                        sizes.attentionDropout())
                .withBranchScale(config.above0("residual_multiplier", 1));
        return new ModelDescription(
                model,
                LlamaFamily.NAMES,
                LlamaFamily.TARGETS,
                config.flag("tie_word_embeddings", false),
                1 / config.above0("logits_scaling", 1),
                0,
                false,
                null);
    }
}
