package org.layerwise.model.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Llama 1 to 3 (Touvron et al., arXiv 2302.13971 and 2307.09288; Dubey et al., arXiv 2407.21783), Mistral (Jiang et al.,
 * arXiv 2310.06825), Qwen2 (arXiv 2407.10671) and Qwen3 (arXiv 2505.09388), as HuggingFace's {@code XxxForCausalLM} and
 * {@code XxxForSequenceClassification}. They differ in biases, windows and normalised heads.
 */
final class LlamaFamily implements Family {

    static final List<String> TARGETS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    /** The names of Llama's modules, which most decoders have taken over. */
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

    /** What HuggingFace's configuration class of a family has where the file is silent. */
    private record Defaults(int vocabulary, int width, int inner, int keyValueHeads, int headSize, int most) {
        static Defaults of(String family) {
            return switch (family) {
                case "mistral" -> new Defaults(32000, 4096, 14336, 8, 0, 131_072);
                case "qwen2" -> new Defaults(151_936, 4096, 22016, 32, 0, 32_768);
                case "qwen3" -> new Defaults(151_936, 4096, 22016, 32, 128, 32_768);
                default -> new Defaults(32000, 4096, 11008, 0, 0, 2048);
            };
        }
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        String family = config.family();
        config.requireNumber("partial_rotary_factor", 1);
        Defaults defaults = Defaults.of(family);
        int hiddenSize = config.positive("hidden_size", defaults.width());
        int heads = config.heads("num_attention_heads", 32);
        // null means one for each head, silence the family's own number
        boolean forEach = defaults.keyValueHeads() == 0 || config.isNull("num_key_value_heads");
        int keyValueHeads = config.heads("num_key_value_heads", forEach ? heads : defaults.keyValueHeads());
        config.requireDivisible(heads, keyValueHeads, "num_attention_heads", "num_key_value_heads");
        if (!config.isSet("head_dim") && defaults.headSize() == 0) {
            config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        }
        int headSize = config.headSize("head_dim", defaults.headSize() == 0 ? hiddenSize / heads : defaults.headSize());
        int layers = config.layers("num_hidden_layers", 32);
        int most = config.positive("max_position_embeddings", defaults.most());
        boolean qwen2 = family.equals("qwen2");
        boolean bias = !family.equals("mistral") && !qwen2 && config.flag("attention_bias", false);
        Rope rope = new RopeReader(config, headSize, most).read();
        ModelConfig model = new ModelConfig(
                family,
                layers,
                hiddenSize,
                config.positive("vocab_size", defaults.vocabulary()),
                ModelConfig.Direction.CAUSAL,
                new ModelConfig.Positions.Rotary(most),
                ModelConfig.Embedding.plain(hiddenSize),
                config.tokenId("pad_token_id"),
                new ModelConfig.Attention(
                        heads,
                        keyValueHeads,
                        headSize,
                        false,
                        bias || qwen2,
                        bias,
                        family.equals("qwen3"),
                        0,
                        reaches(config, layers, 1 / Math.sqrt(headSize), rope),
                        null),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", defaults.inner()),
                        config.activation("hidden_act", "silu"),
                        true,
                        false,
                        !family.equals("mistral") && !family.startsWith("qwen") && config.flag("mlp_bias", false)),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.above0("rms_norm_eps", 1e-6), false),
                ModelConfig.Residual.PRE_NORM,
                ModelConfig.FinalNorm.IN_LAST_STATE,
                new ModelConfig.Dropout(0, config.probability("attention_dropout", 0), 0, 0, 0, 0, 0),
                ModelConfig.Head.lastToken(),
                config.labels(),
                config.number("initializer_range", 0.02));
        return new ModelDescription(model, NAMES, TARGETS, config.flag("tie_word_embeddings", false), 0, null);
    }

    private static List<ModelConfig.Reach> reaches(ConfigReader config, int layers, double scale, Rope rope) {
        List<ModelConfig.Reach> reaches = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            reaches.add(new ModelConfig.Reach(window(config, layer, layers), scale, rope));
        }
        return reaches;
    }

    private static int window(ConfigReader config, int layer, int layers) {
        return switch (config.family()) {
            case "mistral" ->
                config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
            case "qwen2", "qwen3" -> {
                boolean on = config.flag("use_sliding_window", false);
                OptionalInt window = config.window("sliding_window", OptionalInt.of(4096));
                LayerTypes types = new LayerTypes(config, layers);
                if ((!on || window.isEmpty()) && types.slides(layer, false)) {
                    throw config.refused(
                            "has layer_types with \"sliding_attention\", but use_sliding_window and sliding_window name no window.");
                }
                boolean slides = types.slides(layer, layer >= config.count("max_window_layers", 28));
                yield on && slides ? window.orElse(0) : 0;
            }
            default -> 0;
        };
    }
}
