package org.layerwise.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.Rope;

/**
 * SmolLM3, as HuggingFace's {@code SmolLM3ForCausalLM}: Llama with layers without rotary positions (NoPE), by default
 * every fourth, which may have a window.
 */
final class SmolLm3Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(2048, 36, 16, 4, 0, 32_768);
    private static final double THETA = 2_000_000;
    private static final int PADDING = 128_004;

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        ModelConfig model = sizes.model(
                128_256,
                OptionalLong.of(PADDING),
                layers(config, sizes, sizes.biasedAttention(false)),
                sizes.gated(11_008, config.flag("mlp_bias", false)),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-6), false));
        return ModelDescription.decoder(
                model, LlamaFamily.NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", true));
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        Rope rope = sizes.ropes(RopeReader.WHOLE).read(THETA);
        List<Boolean> rotated = rotated(config, sizes.layers());
        LayerTypes types = new LayerTypes(config, sizes.layers());
        OptionalInt window = config.flag("use_sliding_window", false)
                ? config.window("sliding_window", OptionalInt.empty())
                : OptionalInt.empty();
        types.requireWindow(window, "use_sliding_window and sliding_window name");
        List<AttentionConfig> all = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            boolean turned = rotated.get(layer);
            boolean slides = types.slides(layer, window.isPresent() && !turned);
            all.add(attention.withWindow(slides ? window.orElse(0) : 0).withRope(turned ? rope : null));
        }
        return all;
    }

    /** Returns true for each layer with rotary positions. */
    private static List<Boolean> rotated(ConfigReader config, int layers) {
        if (!config.isSet("no_rope_layers")) {
            int interval = config.positive("no_rope_layer_interval", 4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        List<Integer> flags = config.wholeNumbers("no_rope_layers", 1);
        if (flags.size() < layers) {
            throw config.refused("has %s no_rope_layers for %s layers.".formatted(flags.size(), layers));
        }
        return flags.stream().map(flag -> flag != 0).toList();
    }
}
