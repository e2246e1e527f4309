package org.layerwise.model.config;

import java.util.Collections;
import java.util.OptionalLong;

/** Gemma (Mesnard et al., arXiv 2403.08295), as HuggingFace's {@code GemmaForCausalLM}. */
final class GemmaFamily implements Family {

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireNumber("partial_rotary_factor", 1);
        int hiddenSize = config.positive("hidden_size", 3072);
        int heads = config.heads("num_attention_heads", 16);
        int keyValueHeads = config.heads("num_key_value_heads", 16);
        config.requireDivisible(heads, keyValueHeads, "num_attention_heads", "num_key_value_heads");
        int headSize = config.headSize("head_dim", 256);
        int layers = config.layers("num_hidden_layers", 28);
        int most = config.positive("max_position_embeddings", 8192);
        Rope rope = new RopeReader(config, headSize, most).read();
        boolean bias = config.flag("attention_bias", false);
        ModelConfig model = new ModelConfig(
                config.family(),
                layers,
                hiddenSize,
                config.positive("vocab_size", 256_000),
                ModelConfig.Direction.CAUSAL,
                new ModelConfig.Positions.Rotary(most),
                scaled(hiddenSize),
                OptionalLong.of(config.tokenId("pad_token_id", 0)),
                new ModelConfig.Attention(
                        heads,
                        keyValueHeads,
                        headSize,
                        false,
                        bias,
                        bias,
                        false,
                        0,
                        Collections.nCopies(layers, new ModelConfig.Reach(0, 1 / Math.sqrt(headSize), rope)),
                        null),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 24_576), activation(config), true, false, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS_PLUS_ONE, config.above0("rms_norm_eps", 1e-6), false),
                ModelConfig.Residual.PRE_NORM,
                ModelConfig.FinalNorm.IN_LAST_STATE,
                new ModelConfig.Dropout(0, config.probability("attention_dropout", 0), 0, 0, 0, 0, 0),
                ModelConfig.Head.lastToken(),
                config.labels(),
                config.number("initializer_range", 0.02));
        return new ModelDescription(
                model, LlamaFamily.NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", true), 0, null);
    }

    /** Token vectors times the root of the width. */
    static ModelConfig.Embedding scaled(int hiddenSize) {
        return new ModelConfig.Embedding(hiddenSize, 0, Math.sqrt(hiddenSize), false, false, false);
    }

    // Gemma was trained with the tanh form; its first files say "gelu" under hidden_act by mistake, and HuggingFace
    // took
    // the tanh form for them as long as hidden_activation did not say otherwise
    private static Activation activation(ConfigReader config) {
        if (config.isSet("hidden_activation")) {
            return config.activation("hidden_activation", "gelu_pytorch_tanh");
        }
        Activation named = config.activation("hidden_act", "gelu_pytorch_tanh");
        return named == Activation.GELU ? Activation.GELU_TANH : named;
    }
}
