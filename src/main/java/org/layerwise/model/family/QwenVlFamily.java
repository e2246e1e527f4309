package org.layerwise.model.family;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;

/**
 * Language models of Qwen2.5-VL (arXiv 2502.13923) and Qwen3-VL: those of Qwen2 and Qwen3 with rotary positions in three
 * sections, which are the same for tokens of text.
 */
enum QwenVlFamily implements Family {
    QWEN2_5(new DecoderSizes.Defaults(8192, 80, 64, 8, 0, 32_768), 152_064, 29_568, 1_000_000, 1e-5),
    QWEN3(new DecoderSizes.Defaults(4096, 32, 32, 32, 128, 128_000), 151_936, 22_016, 500_000, 1e-6);

    private final DecoderSizes.Defaults defaults;
    private final int vocabulary;
    private final int inner;
    private final double theta;
    private final double epsilon;

    QwenVlFamily(DecoderSizes.Defaults defaults, int vocabulary, int inner, double theta, double epsilon) {
        this.defaults = defaults;
        this.vocabulary = vocabulary;
        this.inner = inner;
        this.theta = theta;
        this.epsilon = epsilon;
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, defaults);
        AttentionConfig attention = attention(config, sizes)
                .withRope(sizes.ropes(RopeReader.WHOLE)
                        .withKeys(RopeReader.Keys.SECTIONS)
                        .read(theta));
        LayerTypes types = new LayerTypes(config, sizes.layers());
        OptionalInt window = config.flag("use_sliding_window", false)
                ? config.window("sliding_window", OptionalInt.of(4096))
                : OptionalInt.empty();
        types.requireWindow(window, "use_sliding_window and sliding_window name");
        int from = config.count("max_window_layers", 80);
        ModelConfig model = sizes.model(
                vocabulary,
                OptionalLong.empty(),
                IntStream.range(0, sizes.layers())
                        .mapToObj(layer ->
                                types.slides(layer, layer >= from) ? attention.withWindow(window.orElse(0)) : attention)
                        .toList(),
                sizes.gated(inner, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", epsilon), false));
        return ModelDescription.decoder(
                model, LlamaFamily.NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", false));
    }

    private AttentionConfig attention(ConfigReader config, DecoderSizes sizes) {
        if (this == QWEN2_5) {
            return sizes.attention().withBiases(true, false);
        }
        config.requireOff("use_sliding_window");
        return sizes.biasedAttention(false).withNorm(QueryKeyNorm.EACH_HEAD);
    }
}
