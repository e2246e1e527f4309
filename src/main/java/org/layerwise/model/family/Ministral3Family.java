package org.layerwise.model.family;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;

/**
 * Language models of Ministral 3, as HuggingFace's {@code Ministral3ForCausalLM}: Llama with rotary positions whose
 * queries grow with their position.
 */
final class Ministral3Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(4096, 34, 32, 8, 128, 262_144);

    private static final RopeReader.Keys GROWTH =
            RopeReader.Keys.USUAL.and(Set.of(RopeReader.GROWTH, "max_position_embeddings"));

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        ModelConfig model = sizes.model(
                131_072,
                OptionalLong.of(11),
                sizes.attention()
                        .withWindow(config.window("sliding_window", OptionalInt.empty())
                                .orElse(0))
                        .withRope(sizes.ropes(RopeReader.WHOLE).withKeys(GROWTH).readWithGrowth())
                        .times(sizes.layers()),
                sizes.gated(14_336, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-5), false));
        return ModelDescription.decoder(
                model, LlamaFamily.NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", false));
    }
}
