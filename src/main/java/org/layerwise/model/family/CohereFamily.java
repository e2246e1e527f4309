package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.Rope;

/**
 * Command R, as HuggingFace's {@code CohereForCausalLM}, and Command R7B and A, as {@code Cohere2ForCausalLM}: attention
 * and feed-forward part side by side, layer normalisation without biases, scaled logits. The second has windows with
 * rotary positions in three of four layers, and neither in the others.
 */
final class CohereFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(8192, 40, 64, 0, 0, 8192);
    private static final double THETA_OF_1 = 500_000;

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("use_qk_norm");
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        AttentionConfig attention = sizes.biasedAttention(false);
        ModelConfig model = sizes.model(
                256_000,
                OptionalLong.of(0),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                config.family().equals("cohere2") ? windows(config, sizes, attention) : everywhere(sizes, attention),
                sizes.gated(22_528, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.LAYER, config.epsilon("layer_norm_eps", 1e-5), false),
                ModelConfig.Residual.PARALLEL,
                sizes.attentionDropout());
        return new ModelDescription(
                model,
                LlamaFamily.NAMES,
                LlamaFamily.TARGETS,
                config.flag("tie_word_embeddings", true),
                config.above0("logit_scale", 0.0625),
                0,
                false,
                null);
    }

    private static List<AttentionConfig> everywhere(DecoderSizes sizes, AttentionConfig attention) {
        Rope rope = sizes.ropes(RopeReader.WHOLE).read(THETA_OF_1).withNeighbours();
        return attention.withRope(rope).times(sizes.layers());
    }

    private static List<AttentionConfig> windows(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        Rope rope = sizes.rope().withNeighbours();
        LayerTypes types = new LayerTypes(config, sizes.layers());
        int fullEvery = config.positive("sliding_window_pattern", 4);
        int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
        return types.attention(
                layer -> (layer + 1) % fullEvery != 0,
                attention.withWindow(window).withRope(window == 0 ? null : rope),
                attention);
    }
}
