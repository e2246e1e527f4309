package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import org.layerwise.model.config.Activation;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/** DistilBERT (Sanh et al., arXiv 1910.01108), as HuggingFace's {@code DistilBertForSequenceClassification}. */
final class DistilBertFamily implements Family {

    // a constant in HuggingFace's code, not a value of its configuration
    private static final double EPSILON = 1e-12;

    private static final ModuleNames NAMES = ModuleNames.of("distilbert.", "transformer.layer.")
            .with(Module.TOKENS, "embeddings.word_embeddings")
            .with(Module.POSITIONS, "embeddings.position_embeddings")
            .with(Module.EMBEDDING_NORM, "embeddings.LayerNorm")
            .with(Module.QUERY, "attention.q_lin")
            .with(Module.KEY, "attention.k_lin")
            .with(Module.VALUE, "attention.v_lin")
            .with(Module.ATTENTION_OUTPUT, "attention.out_lin")
            .with(Module.ATTENTION_NORM, "sa_layer_norm")
            .with(Module.UP, "ffn.lin1")
            .with(Module.DOWN, "ffn.lin2")
            .with(Module.FEED_FORWARD_NORM, "output_layer_norm")
            .with(Module.HEAD_DENSE, "pre_classifier")
            .with(Module.CLASSIFIER, "classifier");

    @Override
    public ModelDescription read(ConfigReader config) {
        String dim = config.oneOf("dim", "hidden_size");
        String headKey = config.oneOf("n_heads", "num_attention_heads");
        int hiddenSize = config.positive(dim, 768);
        int heads = config.heads(headKey, 12);
        config.requireDivisible(hiddenSize, heads, dim, headKey);
        int layers = config.layers(config.oneOf("n_layers", "num_hidden_layers"), 6);
        double hidden = config.dropout("dropout", 0.1);
        int vocabulary = config.positive("vocab_size", 30522);
        ModelConfig model = new ModelConfig(
                config.family(),
                LayerConfig.of(
                        AttentionConfig.plain(heads, hiddenSize / heads).times(layers),
                        ModelConfig.FeedForward.plain(
                                config.positive("hidden_dim", 3072), config.activation("activation", "gelu"))),
                hiddenSize,
                vocabulary,
                ModelConfig.Direction.BOTH,
                new ModelConfig.Positions.Learned(
                        config.positive("max_position_embeddings", 512), OptionalLong.empty()),
                ModelConfig.Embedding.normed(hiddenSize, 0),
                OptionalLong.of(config.tokenId("pad_token_id", 0, vocabulary)),
                ModelConfig.Norm.layer(EPSILON),
                ModelConfig.Residual.POST_NORM,
                1,
                ModelConfig.FinalNorm.NONE,
                new ModelConfig.Dropout(
                        hidden,
                        config.dropout("attention_dropout", 0.1),
                        0,
                        0,
                        hidden,
                        0,
                        config.dropout("seq_classif_dropout", 0.2)),
                ModelConfig.Head.dense(Activation.RELU),
                config.labels(),
                config.number("initializer_range", 0.02));
        return ModelDescription.of(model, NAMES, List.of("q_lin", "v_lin"));
    }
}
