package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Llama 1 to 3 (Touvron et al., arXiv 2302.13971 and 2307.09288; Dubey et al., arXiv 2407.21783), Mistral (Jiang et
 * al., arXiv 2310.06825), Qwen2 (arXiv 2407.10671) and Qwen3 (arXiv 2505.09388), as HuggingFace's
 * {@code XxxForCausalLM} and {@code XxxForSequenceClassification}. They differ in biases, windows and normalised heads.
 */
final class LlamaFamily implements Family {

    static final List<String> TARGETS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    /** Names of Llama's modules, which most decoders use. */
    static final ModuleNames NAMES = ModuleNames.of("model.", "layers.")
            .with(Module.TOKENS, "embed_tokens")
            .with(Module.QUERY, "self_attn.q_proj")
            .with(Module.KEY, "self_attn.k_proj")
            .with(Module.VALUE, "self_attn.v_proj")
            .with(Module.ATTENTION_OUTPUT, "self_attn.o_proj")
            .with(Module.QUERY_NORM, "self_attn.q_norm")
            .with(Module.KEY_NORM, "self_attn.k_norm")
            .with(Module.ATTENTION_NORM, "input_layernorm")
            .with(Module.GATE, "mlp.gate_proj")
            .with(Module.UP, "mlp.up_proj")
            .with(Module.DOWN, "mlp.down_proj")
            .with(Module.FEED_FORWARD_NORM, "post_attention_layernorm")
            .with(Module.FINAL_NORM, "norm")
            .with(Module.CLASSIFIER, "score")
            .with(Module.LANGUAGE_MODEL, "lm_head");

    private static DecoderSizes.Defaults defaults(String family) {
        return switch (family) {
            case "mistral", "ministral" -> new DecoderSizes.Defaults(4096, 32, 32, 8, 0, 131_072);
            case "qwen2" -> new DecoderSizes.Defaults(4096, 32, 32, 32, 0, 32_768);
            case "qwen3" -> new DecoderSizes.Defaults(4096, 32, 32, 32, 128, 32_768);
            default -> new DecoderSizes.Defaults(4096, 32, 32, 0, 0, 2048);
        };
    }

    private static int defaultInner(String family) {
        return switch (family) {
            case "mistral", "ministral" -> 14336;
            case "qwen2", "qwen3" -> 22016;
            default -> 11008;
        };
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        String family = config.family();
        DecoderSizes sizes = DecoderSizes.read(config, defaults(family));
        boolean mistral = family.equals("mistral") || family.equals("ministral");
        boolean qwen2 = family.equals("qwen2");
        boolean qwen = family.startsWith("qwen");
        boolean bias = !mistral && !qwen2 && config.flag("attention_bias", false);
        AttentionConfig attention = sizes.attention()
                .withBiases(bias || qwen2, bias)
                .withNorm(family.equals("qwen3") ? QueryKeyNorm.EACH_HEAD : QueryKeyNorm.NONE)
                .withRope(sizes.rope());
        ModelConfig model = sizes.model(
                qwen ? 151_936 : 32_000,
                OptionalLong.empty(),
                layers(config, sizes, attention),
                sizes.gated(defaultInner(family), !mistral && !qwen && config.flag("mlp_bias", false)),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-6), false));
        return ModelDescription.decoder(model, NAMES, TARGETS, config.flag("tie_word_embeddings", false));
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes, AttentionConfig attention) {
        return IntStream.range(0, sizes.layers())
                .mapToObj(layer -> attention.withWindow(window(config, layer, sizes.layers())))
                .toList();
    }

    private static int window(ConfigReader config, int layer, int layers) {
        return switch (config.family()) {
            case "mistral", "ministral" -> {
                OptionalInt window = config.window("sliding_window", OptionalInt.of(4096));
                // with layer_types, transformers 5 reads a mistral as a ministral, apart from one inside of another
                // model
                LayerTypes types = new LayerTypes(config.place().isEmpty() ? config : config.nothing(), layers);
                boolean slides = types.slides(layer, window.isPresent());
                types.requireWindow(window, "sliding_window names");
                yield slides ? window.orElse(0) : 0;
            }
            case "qwen2", "qwen3" -> {
                boolean on = config.flag("use_sliding_window", false);
                OptionalInt window = config.window("sliding_window", OptionalInt.of(4096));
                LayerTypes types = new LayerTypes(config, layers);
                types.requireWindow(on ? window : OptionalInt.empty(), "use_sliding_window and sliding_window name");
                boolean slides = types.slides(layer, layer >= config.count("max_window_layers", 28));
                yield on && slides ? window.orElse(0) : 0;
            }
            default -> 0;
        };
    }
}
