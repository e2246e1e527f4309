package org.layerwise.model.family;

import java.util.OptionalLong;
import org.layerwise.model.config.Activation;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelConfig.Head.Pooling;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * EuroBERT (Boizard et al., arXiv 2503.05500), as HuggingFace's {@code EuroBertForSequenceClassification}: the layers of
 * Llama, each token seeing the whole row.
 */
final class EuroBertFamily implements Family {

    private static final DecoderSizes.Defaults DEFAULTS = new DecoderSizes.Defaults(768, 12, 12, 0, 0, 8192);

    private static final ModuleNames NAMES =
            LlamaFamily.NAMES.with(Module.HEAD_DENSE, "dense").with(Module.CLASSIFIER, "classifier");

    @Override
    public ModelDescription read(ConfigReader config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        ModelConfig decoder = sizes.model(
                128_256,
                OptionalLong.of(128_001),
                sizes.biasedAttention(false).withRope(sizes.rope()).times(sizes.layers()),
                sizes.gated(3072, config.flag("mlp_bias", false)),
                new ModelConfig.Norm(ModelConfig.Norm.Kind.RMS, config.epsilon("rms_norm_eps", 1e-5), false));
        return ModelDescription.of(
                decoder.asEncoder(new ModelConfig.Head(pooling(config), Activation.GELU, true, false, true)),
                NAMES,
                LlamaFamily.TARGETS);
    }

    private static Pooling pooling(ConfigReader config) {
        String pooling = config.requireText("classifier_pooling", "late", "late", "bos", "mean");
        config.requireText("clf_pooling", pooling, pooling); // name of early files, which transformers passes over
        return switch (pooling) {
            case "bos" -> Pooling.FIRST;
            case "mean" -> Pooling.MEAN;
            default -> Pooling.MEAN_OF_LOGITS;
        };
    }
}
