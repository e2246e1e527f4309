package org.layerwise.model.family;

import java.util.OptionalLong;
import org.layerwise.model.config.Activation;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;

/** Gemma (Mesnard et al., arXiv 2403.08295), as HuggingFace's {@code GemmaForCausalLM}. */
final class GemmaFamily implements Family {

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, new DecoderSizes.Defaults(3072, 28, 16, 16, 256, 8192));
        ModelConfig model = sizes.model(
                256_000,
                OptionalLong.of(0),
                scaled(sizes.hiddenSize()),
                sizes.biasedAttention(false).withRope(sizes.rope()).times(sizes.layers()),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 24_576), activation(config), true, false, false),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS_PLUS_ONE, config.epsilon("rms_norm_eps", 1e-6), false),
                ModelConfig.Residual.PRE_NORM,
                sizes.attentionDropout());
        return ModelDescription.decoder(
                model, LlamaFamily.NAMES, LlamaFamily.TARGETS, config.flag("tie_word_embeddings", true));
    }

    /** Returns token embeddings multiplied by the square root of the width. */
    static ModelConfig.Embedding scaled(int hiddenSize) {
        return ModelConfig.Embedding.scaled(hiddenSize, Math.sqrt(hiddenSize));
    }

    // Gemma was trained with the tanh form; its first files give "gelu" under hidden_act by mistake, and HuggingFace
    // took the tanh form for them unless hidden_activation said otherwise
    private static Activation activation(ConfigReader config) {
        if (config.isSet("hidden_activation")) {
            return config.activation("hidden_activation", "gelu_pytorch_tanh");
        }
        Activation named = config.activation("hidden_act", "gelu_pytorch_tanh");
        return named == Activation.GELU ? Activation.GELU_TANH : named;
    }
}
