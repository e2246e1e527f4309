package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.Rope;

/**
 * Language models of Gemma 3 (Kamath et al., arXiv 2503.19786), as HuggingFace's {@code Gemma3ForCausalLM}: Gemma 2
 * with normalised heads instead of capped scores, and with rotary positions of its own in the layers with a window. In
 * EmbeddingGemma (Vera et al., arXiv 2509.20354) tokens see later ones, too, and there is no language-model head.
 */
final class Gemma3Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(2304, 26, 8, 4, 256, 131_072);

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.readEitherWay(config, DEFAULTS);
        AttentionConfig attention = Gemma2Family.attention(config, sizes)
                .withNorm(QueryKeyNorm.EACH_HEAD)
                .withSoftCap(config.numberOrOff("attn_logit_softcapping", 0));
        ModelDescription decoder = Gemma2Family.read(
                config,
                sizes,
                262_208,
                layers(config, sizes, attention),
                config.numberOrOff("final_logit_softcapping", 0));
        return config.flag(DecoderSizes.TWO_WAY, false) ? decoder.asEncoder() : decoder;
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        Rope full = sizes.ropes(RopeReader.WHOLE).read(LayerTypes.FULL, "rope_theta", 1_000_000, true);
        Rope sliding =
                sizes.ropes(RopeReader.WHOLE).read(LayerTypes.SLIDING, "rope_local_base_freq", Rope.USUAL_THETA, false);
        LayerTypes types = new LayerTypes(config, sizes.layers());
        int fullEvery = config.positive("sliding_window_pattern", 6);
        int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
        return types.attention(
                layer -> (layer + 1) % fullEvery != 0,
                attention.withWindow(window).withRope(sliding),
                attention.withRope(full));
    }
}
