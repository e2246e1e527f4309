package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * GPT-2 (Radford et al., 2019), as HuggingFace's {@code GPT2LMHeadModel}; the weights of its linear maps are stored
 * transposed.
 */
final class Gpt2Family implements Family {

    private static final ModuleNames NAMES = ModuleNames.of("transformer.", "h.")
            .with(Module.TOKENS, "wte")
            .with(Module.POSITIONS, "wpe")
            .with(Module.QUERY_KEY_VALUE, "attn.c_attn")
            .with(Module.ATTENTION_OUTPUT, "attn.c_proj")
            .with(Module.ATTENTION_NORM, "ln_1")
            .with(Module.UP, "mlp.c_fc")
            .with(Module.DOWN, "mlp.c_proj")
            .with(Module.FEED_FORWARD_NORM, "ln_2")
            .with(Module.FINAL_NORM, "ln_f")
            .with(Module.CLASSIFIER, "score")
            .with(Module.LANGUAGE_MODEL, "lm_head")
            .storedTurned();

    @Override
    public ModelDescription read(ConfigReader config) {
        String width = config.oneOf("n_embd", "hidden_size");
        String headKey = config.oneOf("n_head", "num_attention_heads");
        int hiddenSize = config.positive(width, 768);
        int heads = config.heads(headKey, 12);
        config.requireDivisible(hiddenSize, heads, width, headKey);
        int headSize = hiddenSize / heads;
        int layers = config.layers(config.oneOf("n_layer", "num_hidden_layers"), 12);
        double dropout = config.dropout("resid_pdrop", 0.1);
        int vocabulary = config.positive("vocab_size", 50257);
        ModelConfig model = new ModelConfig(
                config.family(),
                LayerConfig.of(
                        attention(
                                config,
                                layers,
                                AttentionConfig.plain(heads, headSize).withMaps(AttentionConfig.Layout.FUSED)),
                        ModelConfig.FeedForward.plain(
                                config.positive("n_inner", Math.multiplyExact(4, hiddenSize)),
                                config.activation("activation_function", "gelu_new"))),
                hiddenSize,
                vocabulary,
                ModelConfig.Direction.CAUSAL,
                new ModelConfig.Positions.Learned(
                        config.positive(config.oneOf("n_positions", "max_position_embeddings"), 1024),
                        OptionalLong.empty()),
                ModelConfig.Embedding.plain(hiddenSize),
                config.tokenId("pad_token_id", OptionalLong.empty(), vocabulary),
                ModelConfig.Norm.layer(config.epsilon("layer_norm_epsilon", 1e-5)),
                ModelConfig.Residual.PRE_NORM,
                1,
                ModelConfig.FinalNorm.IN_LAST_STATE,
                new ModelConfig.Dropout(
                        config.dropout("embd_pdrop", 0.1),
                        config.dropout("attn_pdrop", 0.1),
                        dropout,
                        0,
                        dropout,
                        0,
                        0),
                ModelConfig.Head.lastToken(),
                config.labels(),
                config.number("initializer_range", 0.02));
        return ModelDescription.decoder(model, NAMES, List.of("c_attn"), config.flag("tie_word_embeddings", true));
    }

    private static List<AttentionConfig> attention(ConfigReader config, int layers, AttentionConfig usual) {
        double scale = config.flag("scale_attn_weights", true) ? usual.scale() : 1;
        boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
        return IntStream.range(0, layers)
                .mapToObj(layer -> usual.withScale(byLayer ? scale / (layer + 1) : scale))
                .toList();
    }
}
