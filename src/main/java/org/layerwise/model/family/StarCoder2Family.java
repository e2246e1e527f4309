package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * StarCoder2 (Lozhkov et al., arXiv 2402.19173), as HuggingFace's {@code Starcoder2ForCausalLM}: layer normalisation,
 * biases, and a feed-forward part without a gate.
 */
final class StarCoder2Family implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(3072, 30, 24, 2, 0, 4096);

    private static final ModuleNames NAMES =
            LlamaFamily.NAMES.with(Module.UP, "mlp.c_fc").with(Module.DOWN, "mlp.c_proj");

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        boolean bias = config.flag("use_bias", true);
        int window = config.window("sliding_window", OptionalInt.empty()).orElse(0);
        ModelConfig model = sizes.model(
                49_152,
                OptionalLong.empty(),
                ModelConfig.Embedding.plain(sizes.hiddenSize()),
                sizes.attention()
                        .withBiases(bias, bias)
                        .withWindow(window)
                        .withRope(sizes.rope())
                        .times(sizes.layers()),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 12_288),
                        config.activation("hidden_act", "gelu_pytorch_tanh"),
                        false,
                        false,
                        bias),
                ModelConfig.Norm.layer(config.epsilon("norm_epsilon", 1e-5)),
                ModelConfig.Residual.PRE_NORM,
                sizes.dropout(config.dropout("embedding_dropout", 0), config.dropout("residual_dropout", 0)));
        return ModelDescription.decoder(
                model,
                NAMES,
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "c_fc", "c_proj"),
                config.flag("tie_word_embeddings", true));
    }
}
