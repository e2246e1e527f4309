package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * OLMo 2 (OLMo et al., arXiv 2501.00656) and OLMo 3, as HuggingFace's {@code Olmo2ForCausalLM} and
 * {@code Olmo3ForCausalLM}: normalisation of the output of each part and of all queries and keys; OLMo 3 also has windows
 * in three of four layers, whose rotary positions are never scaled.
 */
final class Olmo2Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(4096, 32, 32, 0, 0, 2048);
    private static final double THETA_OF_3 = 500_000;

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.ATTENTION_OUTPUT_NORM, "post_attention_layernorm")
            .with(Module.FEED_FORWARD_OUTPUT_NORM, "post_feedforward_layernorm");

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        AttentionConfig attention = sizes.biasedAttention(false).withNorm(QueryKeyNorm.ALL_HEADS);
        ModelConfig model = sizes.model(
                50_304,
                OptionalLong.of(1),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                config.family().equals("olmo3")
                        ? windows(config, sizes, attention)
                        : attention.withRope(sizes.rope()).times(sizes.layers()),
                sizes.gated(11_008, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-5), false),
                ModelConfig.Residual.BRANCH_NORM,
                sizes.attentionDropout());
        return ModelDescription.decoder(model, NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", false));
    }

    private static List<AttentionConfig> windows(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        Rope full = sizes.ropes(RopeReader.WHOLE).read(LayerTypes.FULL, "rope_theta", THETA_OF_3, true);
        Rope sliding = sizes.ropes(RopeReader.WHOLE).read(LayerTypes.SLIDING, "rope_theta", THETA_OF_3, false);
        LayerTypes types = new LayerTypes(config, sizes.layers());
        int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
        return types.attention(
                layer -> (layer + 1) % 4 != 0,
                attention.withWindow(window).withRope(sliding),
                attention.withRope(full));
    }
}
