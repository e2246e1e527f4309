package org.layerwise.model.config;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.ModuleNames.Module;

/** Phi-3 and Phi-4-mini (Abdin et al., arXiv 2404.14219), as HuggingFace's {@code Phi3ForCausalLM}: fused linear maps. */
final class Phi3Family implements Family {

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .with(Module.QUERY_KEY_VALUE, "self_attn.qkv_proj")
            .with(Module.GATE_UP, "mlp.gate_up_proj");

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("attention_bias", "mlp_bias");
        int hiddenSize = config.positive("hidden_size", 3072);
        int heads = config.heads("num_attention_heads", 32);
        config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        int keyValueHeads = config.heads("num_key_value_heads", heads);
        config.requireDivisible(heads, keyValueHeads, "num_attention_heads", "num_key_value_heads");
        int headSize = config.headSize("head_dim", hiddenSize / heads);
        int layers = config.layers("num_hidden_layers", 32);
        int most = config.positive("max_position_embeddings", 4096);
        double turned = config.above0("partial_rotary_factor", 1);
        if (turned > 1) {
            throw config.refused("has partial_rotary_factor = %s; at most 1 is possible.".formatted(turned));
        }
        Rope rope = new RopeReader(config, (int) (headSize * turned), most).read();
        int window = config.window("sliding_window", OptionalInt.empty()).orElse(0);
        double dropout = config.probability("resid_pdrop", 0);
        ModelConfig model = new ModelConfig(
                config.family(),
                layers,
                hiddenSize,
                config.positive("vocab_size", 32064),
                ModelConfig.Direction.CAUSAL,
                new ModelConfig.Positions.Rotary(most),
                ModelConfig.Embedding.plain(hiddenSize),
                OptionalLong.of(config.tokenId("pad_token_id", 32000)),
                new ModelConfig.Attention(
                        heads,
                        keyValueHeads,
                        headSize,
                        true,
                        false,
                        false,
                        false,
                        0,
                        Collections.nCopies(layers, new ModelConfig.Reach(window, 1 / Math.sqrt(headSize), rope)),
                        null),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 8192),
                        config.activation("hidden_act", "silu"),
                        true,
                        true,
                        false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.above0("rms_norm_eps", 1e-5), false),
                ModelConfig.Residual.PRE_NORM,
                ModelConfig.FinalNorm.IN_LAST_STATE,
                new ModelConfig.Dropout(0, config.probability("attention_dropout", 0), dropout, 0, dropout, 0, 0),
                ModelConfig.Head.lastToken(),
                config.labels(),
                config.number("initializer_range", 0.02));
        return new ModelDescription(
                model,
                NAMES,
                List.of("qkv_proj", "o_proj", "gate_up_proj", "down_proj"),
                config.flag("tie_word_embeddings", false),
                0,
                null);
    }
}
