package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * gpt-oss (OpenAI, arXiv 2508.10925), as HuggingFace's {@code GptOssForCausalLM}: a mixture of experts with limited
 * gates, windows in every second layer, and an additional score of each head.
 */
final class GptOssFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(2880, 36, 64, 8, 64, 131_072);
    private static final double THETA = 150_000;
    private static final double LIMIT = 7;

    /** Factor in the sigmoid of the gates, a constant of the computation. */
    private static final double GAIN = 1.702;

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.SINKS, "self_attn.sinks")
            .with(Module.ROUTER, "mlp.router")
            .with(Module.EXPERTS, "mlp.experts");

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("output_router_logits");
        config.requireNumber("swiglu_alpha", GAIN);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        AttentionConfig attention = sizes.biasedAttention(true)
                .withSinks()
                .withRope(sizes.ropes(RopeReader.WHOLE).read(THETA));
        ModelConfig.FeedForward expert = sizes.gated(2880, true);
        ExpertsConfig experts =
                MixtureFamily.mixture(config, config.oneOf("num_local_experts", "num_experts"), 128, 4, true);
        ExpertsConfig limited = experts.withLimit(config.above0("swiglu_limit", LIMIT));
        ModelConfig model = sizes.model(
                201_088,
                OptionalLong.empty(),
                layers(config, sizes, attention),
                expert,
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-5), false));
        return ModelDescription.decoder(
                model.withLayers(model.layerConfigs().stream()
                        .map(layer -> layer.withExperts(limited, expert))
                        .toList()),
                NAMES,
                List.of("q_proj", "k_proj", "v_proj", "o_proj"),
                config.flag("tie_word_embeddings", false));
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes, AttentionConfig full) {
        if (!config.isSet(RopeReader.PARAMETERS) && !config.isSet("rope_scaling")) {
            throw config.refused("lacks rope_parameters, which are needed.");
        }
        OptionalInt window = config.window("sliding_window", OptionalInt.of(128));
        LayerTypes types = new LayerTypes(config, sizes.layers());
        types.requireWindow(window, "sliding_window names");
        return types.attention(layer -> layer % 2 == 0, full.withWindow(window.orElse(0)), full);
    }
}
