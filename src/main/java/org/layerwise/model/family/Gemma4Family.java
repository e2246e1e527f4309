package org.layerwise.model.family;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.PerLayerInputConfig;
import org.layerwise.model.config.Rope;

/**
 * Language models of Gemma 4, dense or with experts beside the feed-forward part, as HuggingFace's
 * {@code Gemma4ForCausalLM}: layers with a window and layers that see the whole row have heads of different sizes and
 * numbers, values are normalised, and each layer has a factor of its output. In the E models each layer has an input
 * beside the hidden state, and the last layers read the keys and values of earlier ones.
 */
final class Gemma4Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(2304, 30, 8, 4, 256, 131_072);
    private static final int VOCABULARY = 262_144;
    private static final int FULL_EVERY = 6;
    private static final double FULL_THETA = 1_000_000;
    private static final double FULL_SHARE = 0.25;
    private static final String BY_LAYER = "per_layer_config";
    private static final String HEAD_SIZE = "head_dim";
    private static final String KEY_HEADS = "num_key_value_heads";
    private static final String SHARED = "num_kv_shared_layers";

    private static final ModuleNames NAMES = Gemma2Family.NAMES
            .with(Module.PER_LAYER_TOKENS, "embed_tokens_per_layer")
            .with(Module.PER_LAYER_MODEL_PROJECTION, "per_layer_model_projection")
            .with(Module.PER_LAYER_NORM, "per_layer_projection_norm")
            .with(Module.PER_LAYER_GATE, "per_layer_input_gate")
            .with(Module.PER_LAYER_PROJECTION, "per_layer_projection")
            .with(Module.PER_LAYER_OUTPUT_NORM, "post_per_layer_input_norm")
            .with(Module.LAYER_SCALE, "layer_scalar")
            .with(Module.ROUTER, "router.proj")
            .with(Module.ROUTER_SCALE, "router.scale")
            .with(Module.ROUTER_FACTORS, "router.per_expert_scale")
            .with(Module.EXPERTS, "experts")
            .with(Module.EXPERTS_NORM, "pre_feedforward_layernorm_2")
            .with(Module.DENSE_OUTPUT_NORM, "post_feedforward_layernorm_1")
            .with(Module.EXPERTS_OUTPUT_NORM, "post_feedforward_layernorm_2");

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int tokens = config.positive("vocab_size", VOCABULARY);
        ModelConfig model = sizes.model(
                VOCABULARY,
                OptionalLong.of(0),
                embeddings(config, sizes, tokens),
                layers(config, sizes),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 9216),
                        config.activation("hidden_activation", "gelu_pytorch_tanh"),
                        true,
                        false,
                        false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-6), false),
                ModelConfig.Residual.SANDWICH,
                sizes.attentionDropout());
        return new ModelDescription(
                model.withLayers(withSharedKeys(config, withExperts(config, model))),
                NAMES,
                LlamaFamily.TARGETS,
                config.flag("tie_word_embeddings", true),
                1,
                config.numberOrOff("final_logit_softcapping", 0),
                false,
                null);
    }

    private static List<LayerConfig> withExperts(ConfigReader config, ModelConfig model) {
        List<LayerConfig> layers =
                model.layerConfigs().stream().map(LayerConfig::withScale).toList();
        if (!config.flag("enable_moe_block", false)) {
            return layers;
        }
        ExpertsConfig experts = MixtureFamily.mixture(config, "num_experts", 128, 8, true)
                .withBeside(config.positive("moe_intermediate_size", 704));
        return layers.stream().map(layer -> layer.withExpertsBeside(experts)).toList();
    }

    /** Returns the embeddings, with an input of each layer beside the hidden state in the E models. */
    private static ModelConfig.Embedding embeddings(ConfigReader config, DecoderSizes sizes, int tokens) {
        ModelConfig.Embedding usual = GemmaFamily.scaled(sizes.hiddenSize());
        int width = config.count("hidden_size_per_layer_input", 256);
        int perLayer = config.positive("vocab_size_per_layer_input", 262_144);
        if (width > 0 && perLayer < tokens) {
            throw config.refused(
                    "has vocab_size_per_layer_input = %s and vocab_size = %s; the first must not be smaller."
                            .formatted(perLayer, tokens));
        }
        return width == 0 ? usual : usual.withPerLayer(new PerLayerInputConfig(perLayer, width));
    }

    /** Returns the layers, of which the last ones read the keys and values of the last layer of their kind before. */
    private static List<LayerConfig> withSharedKeys(ConfigReader config, List<LayerConfig> layers) {
        int first = layers.size() - config.count(SHARED, 0);
        boolean wide = config.flag("use_double_wide_mlp", false);
        return IntStream.range(0, layers.size())
                .mapToObj(layer -> layer < first
                        ? layers.get(layer)
                        : layers.get(layer)
                                .withKeysOf(source(config, layers, first, layer), part(layers.get(layer), wide)))
                .toList();
    }

    private static ModelConfig.FeedForward part(LayerConfig layer, boolean wide) {
        ModelConfig.FeedForward part = layer.feedForward();
        return wide ? part.withSize(2 * part.size()) : part;
    }

    /** Returns the last layer before {@code end} whose attention sees as far as that of a layer. */
    private static int source(ConfigReader config, List<LayerConfig> layers, int end, int layer) {
        for (int before = end - 1; before >= 0; before--) {
            if (window(layers.get(before)) == window(layers.get(layer))) {
                return before;
            }
        }
        throw config.refused(
                "has %1$s = %2$s, but no layer before these %2$s computes keys and values of the kind of layer %3$s."
                        .formatted(config.name(SHARED), layers.size() - end, layer));
    }

    private static int window(LayerConfig layer) {
        return Objects.requireNonNull(layer.attention()).window();
    }

    private static List<AttentionConfig> layers(ConfigReader config, DecoderSizes sizes) {
        LayerTypes types = new LayerTypes(config, sizes.layers());
        OptionalInt window = config.window("sliding_window", OptionalInt.of(512));
        types.requireWindow(window, "sliding_window names");
        Map<Integer, ConfigReader> byLayer = byLayer(config);
        List<AttentionConfig> layers = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            ConfigReader own = byLayer.getOrDefault(layer, config.nothing());
            // the last layer always sees the whole row
            boolean slides = layer < sizes.layers() - 1 && types.slides(layer, (layer + 1) % FULL_EVERY != 0);
            layers.add(slides ? sliding(config, sizes, own).withWindow(window.orElse(0)) : full(config, sizes, own));
        }
        return layers;
    }

    /** Returns the sizes that some layers have of their own; keys may begin with zeros. */
    private static Map<Integer, ConfigReader> byLayer(ConfigReader config) {
        ConfigReader all = config.part(BY_LAYER);
        Map<Integer, ConfigReader> byLayer = new HashMap<>();
        for (String key : all.keys()) {
            if (!key.matches("[0-9]{1,5}")) {
                throw config.refused("has %s of \"%s\"; the number of a layer is expected.".formatted(BY_LAYER, key));
            }
            ConfigReader own = all.part(key);
            own.requireKeys(Set.of(HEAD_SIZE, KEY_HEADS));
            byLayer.put(Integer.parseInt(key), own);
        }
        return byLayer;
    }

    private static AttentionConfig sliding(ConfigReader config, DecoderSizes sizes, ConfigReader own) {
        own.requireNumber(HEAD_SIZE, sizes.headSize());
        own.requireNumber(KEY_HEADS, sizes.keyValueHeads());
        Rope rope =
                sizes.ropes(RopeReader.WHOLE).read(LayerTypes.SLIDING, "rope_local_base_freq", Rope.USUAL_THETA, false);
        return attention(config, sizes.attention()).withRope(rope);
    }

    /** Returns the attention of a layer that sees the whole row, whose sizes the file gives by layer or for all. */
    private static AttentionConfig full(ConfigReader config, DecoderSizes sizes, ConfigReader own) {
        boolean shared = config.flag("attention_k_eq_v", false);
        boolean byLayer = config.isSet(BY_LAYER);
        int keyHeads = byLayer
                ? own.heads(KEY_HEADS, sizes.keyValueHeads())
                : shared ? config.heads("num_global_key_value_heads", sizes.keyValueHeads()) : sizes.keyValueHeads();
        int headSize = byLayer ? own.headSize(HEAD_SIZE, sizes.headSize()) : config.headSize("global_head_dim", 512);
        config.requireDivisible(sizes.heads(), keyHeads, "num_attention_heads", own.name(KEY_HEADS));
        AttentionConfig attention = attention(config, AttentionConfig.of(sizes.heads(), keyHeads, headSize))
                .withRope(new RopeReader(config, headSize, sizes.most(), RopeReader.WHOLE)
                        .proportional(LayerTypes.FULL, FULL_THETA, FULL_SHARE));
        return shared ? attention.withMaps(AttentionConfig.Layout.KEYS_AS_VALUES) : attention;
    }

    private static AttentionConfig attention(ConfigReader config, AttentionConfig sizes) {
        boolean bias = config.flag("attention_bias", false);
        return sizes.withBiases(bias, bias)
                .withNorm(QueryKeyNorm.EACH_HEAD_AND_VALUES)
                .withScale(1);
    }
}
