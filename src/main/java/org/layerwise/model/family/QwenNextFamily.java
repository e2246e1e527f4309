package org.layerwise.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig.Layout;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.MixerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelConfig.FeedForward;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Qwen3-Next and Qwen3.5, dense or with experts, as HuggingFace's {@code XxxForCausalLM}: most layers have a gated delta
 * network (Yang et al., arXiv 2412.06464), every fourth has attention with a gate of its output.
 */
enum QwenNextFamily implements Family {
    QWEN3_NEXT(new DecoderSizes.Defaults(2048, 48, 16, 2, 256, 32_768), 151_936, 5632),
    QWEN3_5(new DecoderSizes.Defaults(4096, 32, 16, 4, 256, 32_768), 248_320, 12_288),
    QWEN3_5_MOE(new DecoderSizes.Defaults(2048, 40, 16, 2, 256, 32_768), 248_320, 1);

    private static final double USUAL_SHARE = 0.25;
    private static final List<String> ATTENTION = List.of("q_proj", "k_proj", "v_proj", "o_proj", "out_proj");
    private static final List<String> FEED_FORWARD = List.of("gate_proj", "up_proj", "down_proj");

    private static final ModuleNames MIXERS = LlamaFamily.NAMES
            .with(Module.DELTA_CONVOLUTION, "linear_attn.conv1d")
            .with(Module.DELTA_DECAY_LOG, "linear_attn.A_log")
            .with(Module.DELTA_DECAY_BIAS, "linear_attn.dt_bias")
            .with(Module.DELTA_NORM, "linear_attn.norm")
            .with(Module.DELTA_OUTPUT, "linear_attn.out_proj")
            .with(Module.SHARED_GATE, "mlp.shared_expert.gate_proj")
            .with(Module.SHARED_UP, "mlp.shared_expert.up_proj")
            .with(Module.SHARED_DOWN, "mlp.shared_expert.down_proj")
            .with(Module.SHARED_WEIGHT, "mlp.shared_expert_gate");

    private final DecoderSizes.Defaults defaults;
    private final int vocabulary;
    private final int inner;

    QwenNextFamily(DecoderSizes.Defaults defaults, int vocabulary, int inner) {
        this.defaults = defaults;
        this.vocabulary = vocabulary;
        this.inner = inner;
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireOff("output_router_logits");
        DecoderSizes sizes = DecoderSizes.read(config, defaults);
        ModelConfig model = sizes.model(
                vocabulary,
                OptionalLong.empty(),
                mixers(config, sizes),
                sizes.gated(inner, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS_PLUS_ONE, config.epsilon("rms_norm_eps", 1e-6), false));
        return ModelDescription.decoder(
                model.withLayers(layers(config, model)),
                MixtureFamily.withExperts(names()),
                targets(),
                config.flag("tie_word_embeddings", false));
    }

    /** Returns the layers with their feed-forward parts. */
    private List<LayerConfig> layers(ConfigReader config, ModelConfig model) {
        if (this == QWEN3_5) {
            return model.layerConfigs();
        }
        ExpertsConfig experts = shared(
                config,
                this == QWEN3_NEXT
                        ? MixtureFamily.mixture(config, "num_experts", 512, 10, config.flag("norm_topk_prob", true))
                        : MixtureFamily.mixture(config, "num_experts", 256, 8, true));
        return IntStream.range(0, model.layers())
                .mapToObj(layer -> this == QWEN3_5_MOE || MixtureFamily.isSparse(config, layer)
                        ? withExperts(config, model.layer(layer), experts)
                        : model.layer(layer))
                .toList();
    }

    private List<MixerConfig> mixers(ConfigReader config, DecoderSizes sizes) {
        config.requireText("hidden_act", "silu", "silu");
        RopeReader ropes = sizes.ropes(USUAL_SHARE);
        MixerConfig full = sizes.biasedAttention(false)
                .withMaps(Layout.GATED)
                .withNorm(QueryKeyNorm.EACH_HEAD)
                .withRope((this == QWEN3_NEXT ? ropes : ropes.withKeys(RopeReader.Keys.SECTIONS)).read(10_000));
        MixerConfig linear = deltaNet(config);
        LayerTypes types = new LayerTypes(config, sizes.layers(), Set.of(LayerTypes.LINEAR, LayerTypes.FULL));
        int fullEvery = config.positive("full_attention_interval", 4);
        return IntStream.range(0, sizes.layers())
                .mapToObj(layer -> types.is(LayerTypes.LINEAR, layer, (layer + 1) % fullEvery != 0) ? linear : full)
                .toList();
    }

    private DeltaNetConfig deltaNet(ConfigReader config) {
        int keyHeads = config.heads("linear_num_key_heads", 16);
        int valueHeads = config.heads("linear_num_value_heads", 32);
        config.requireDivisible(valueHeads, keyHeads, "linear_num_value_heads", "linear_num_key_heads");
        return new DeltaNetConfig(
                keyHeads,
                valueHeads,
                config.headSize("linear_key_head_dim", 128),
                config.headSize("linear_value_head_dim", 128),
                config.positive("linear_conv_kernel_dim", 4, DeltaNetConfig.LARGEST_KERNEL),
                this == QWEN3_NEXT);
    }

    private ModuleNames names() {
        return this == QWEN3_NEXT
                ? MIXERS.with(Module.DELTA_INPUT, "linear_attn.in_proj_qkvz")
                        .with(Module.DELTA_RATES, "linear_attn.in_proj_ba")
                : MIXERS.with(Module.DELTA_INPUT, "linear_attn.in_proj_qkv")
                        .with(Module.DELTA_GATE, "linear_attn.in_proj_z")
                        .with(Module.DELTA_WRITE_RATE, "linear_attn.in_proj_b")
                        .with(Module.DELTA_DECAY_RATE, "linear_attn.in_proj_a");
    }

    private List<String> targets() {
        List<String> targets = new ArrayList<>(ATTENTION);
        targets.addAll(
                this == QWEN3_NEXT
                        ? List.of("in_proj_qkvz", "in_proj_ba")
                        : List.of("in_proj_qkv", "in_proj_z", "in_proj_b", "in_proj_a"));
        if (this == QWEN3_5) {
            targets.addAll(FEED_FORWARD);
        }
        return targets;
    }

    private static ExpertsConfig shared(ConfigReader config, ExpertsConfig experts) {
        return experts.withShared(config.positive("shared_expert_intermediate_size", 512));
    }

    private static LayerConfig withExperts(ConfigReader config, LayerConfig layer, ExpertsConfig experts) {
        int size = config.positive("moe_intermediate_size", 512);
        return layer.withExperts(
                experts, new FeedForward(size, layer.feedForward().activation(), true, false, false));
    }
}
