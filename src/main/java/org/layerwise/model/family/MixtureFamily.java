package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelConfig.FeedForward;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.Rope;

/**
 * Mixtures of experts with the attention of Llama: Mixtral (Jiang et al., arXiv 2401.04088), OLMoE (Muennighoff et al.,
 * arXiv 2409.02060) and Qwen3-MoE (arXiv 2505.09388), as HuggingFace's {@code XxxForCausalLM}.
 */
enum MixtureFamily implements Family {
    MIXTRAL(new DecoderSizes.Defaults(4096, 32, 32, 8, 0, 131_072), 32_000, 14_336) {
        @Override
        AttentionConfig attention(ConfigReader config, DecoderSizes sizes) {
            return sizes.attention()
                    .withWindow(
                            config.window("sliding_window", OptionalInt.empty()).orElse(0));
        }
    },
    OLMOE(new DecoderSizes.Defaults(2048, 16, 16, 0, 0, 4096), 50_304, 2048) {
        @Override
        AttentionConfig attention(ConfigReader config, DecoderSizes sizes) {
            config.requireAbsent("clip_qkv");
            return sizes.biasedAttention(false).withNorm(QueryKeyNorm.ALL_HEADS);
        }
    },
    QWEN3_MOE(new DecoderSizes.Defaults(2048, 24, 32, 4, 0, 32_768), 151_936, 6144) {
        @Override
        AttentionConfig attention(ConfigReader config, DecoderSizes sizes) {
            int window = config.window("sliding_window", OptionalInt.of(4096)).orElse(0);
            return sizes.biasedAttention(false)
                    .withNorm(QueryKeyNorm.EACH_HEAD)
                    .withWindow(config.flag("use_sliding_window", false) ? window : 0);
        }
    };

    private static final int MOST_EXPERTS = 1 << 12;
    private static final List<String> ATTENTION = List.of("q_proj", "k_proj", "v_proj", "o_proj");

    private static final ModuleNames NAMES = withExperts(LlamaFamily.NAMES);

    private static final ModuleNames MIXTRAL_NAMES = LlamaFamily.NAMES
            .with(Module.ROUTER, "block_sparse_moe.gate")
            .with(Module.EXPERTS, "block_sparse_moe.experts")
            .with(Module.JOINED_EXPERTS, "mlp.experts")
            .with(Module.EXPERT_GATE, "w1")
            .with(Module.EXPERT_UP, "w3")
            .with(Module.EXPERT_DOWN, "w2");

    private final DecoderSizes.Defaults defaults;
    private final int vocabulary;
    private final int inner;

    MixtureFamily(DecoderSizes.Defaults defaults, int vocabulary, int inner) {
        this.defaults = defaults;
        this.vocabulary = vocabulary;
        this.inner = inner;
    }

    /** Returns the attention of all layers, without positions. */
    abstract AttentionConfig attention(ConfigReader config, DecoderSizes sizes);

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("output_router_logits");
        DecoderSizes sizes = DecoderSizes.read(config, defaults);
        FeedForward dense = sizes.gated(inner, false);
        ModelConfig model = sizes.model(
                vocabulary,
                this == OLMOE ? OptionalLong.of(1) : OptionalLong.empty(),
                attention(config, sizes).withRope(rope(sizes)).times(sizes.layers()),
                dense,
                new ModelConfig.Norm(
                        ModelConfig.Norm.Kind.RMS,
                        config.epsilon("rms_norm_eps", this == QWEN3_MOE ? 1e-6 : 1e-5),
                        false));
        ExpertsConfig experts = experts(config);
        FeedForward expert = this == QWEN3_MOE
                ? new FeedForward(config.positive("moe_intermediate_size", 768), dense.activation(), true, false, false)
                : dense;
        List<LayerConfig> layers = IntStream.range(0, sizes.layers())
                .mapToObj(layer -> this != QWEN3_MOE || isSparse(config, layer)
                        ? model.layer(layer).withExperts(experts, expert)
                        : model.layer(layer))
                .toList();
        return ModelDescription.decoder(
                model.withLayers(layers),
                this == MIXTRAL ? MIXTRAL_NAMES : NAMES,
                ATTENTION,
                config.flag("tie_word_embeddings", false));
    }

    private ExpertsConfig experts(ConfigReader config) {
        if (this == MIXTRAL) {
            config.requireNumber("router_jitter_noise", 0);
            return mixture(config, config.oneOf("num_local_experts", "num_experts"), 8, 2, true);
        }
        return mixture(
                config,
                config.oneOf("num_experts", "num_local_experts"),
                this == OLMOE ? 64 : 128,
                8,
                config.flag("norm_topk_prob", false));
    }

    /** Returns names with those of the experts of Qwen3-MoE, which most mixtures use. */
    static ModuleNames withExperts(ModuleNames names) {
        return names.with(Module.ROUTER, "mlp.gate")
                .with(Module.EXPERTS, "mlp.experts")
                .with(Module.EXPERT_GATE, "gate_proj")
                .with(Module.EXPERT_UP, "up_proj")
                .with(Module.EXPERT_DOWN, "down_proj");
    }

    /** Returns true if a layer has experts by the keys of Qwen's mixtures. */
    static boolean isSparse(ConfigReader config, int layer) {
        List<Integer> dense = config.wholeNumbers("mlp_only_layers", -1);
        return !dense.contains(layer) && (layer + 1) % config.positive("decoder_sparse_step", 1) == 0;
    }

    static ExpertsConfig mixture(ConfigReader config, String countKey, int count, int perToken, boolean normalised) {
        int all = config.positive(countKey, count, MOST_EXPERTS);
        String usedKey = config.oneOf("num_experts_per_tok", "top_k_experts");
        int used = config.positive(usedKey, perToken, MOST_EXPERTS);
        if (used > all) {
            throw config.refused("has %s = %s, more than the %s experts (%s).".formatted(usedKey, used, all, countKey));
        }
        return new ExpertsConfig(all, used, normalised, 0, 0, 0);
    }

    private Rope rope(DecoderSizes sizes) {
        return sizes.ropes(RopeReader.WHOLE).read(this == MIXTRAL ? 1_000_000 : Rope.USUAL_THETA);
    }
}
