package org.layerwise.model;

import java.util.List;

/** BERT (Devlin et al., arXiv 1810.04805), as HuggingFace's {@code BertModel} and {@code BertForSequenceClassification}. */
final class BertFamily implements Family {

    private static final WeightNames NAMES = new WeightNames(
            "bert.",
            "encoder.layer.",
            "embeddings.word_embeddings",
            "embeddings.position_embeddings",
            "embeddings.token_type_embeddings",
            "embeddings.LayerNorm",
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
            "pooler.dense",
            "classifier");

    private static final List<String> DEFAULT_TARGETS =
            List.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");

    @Override
    public ModelConfig read(ConfigReader config) {
        config.requireText("position_embedding_type", "absolute");
        config.requireOff("is_decoder");
        config.requireOff("add_cross_attention");
        config.requireAbsent("quantization_config");
        int hiddenSize = config.positive("hidden_size", 768);
        int heads = config.positive("num_attention_heads", 12);
        config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        double hiddenDropout = config.probability("hidden_dropout_prob", 0.1);
        return new ModelConfig(
                "bert",
                config.positive("num_hidden_layers", 12),
                hiddenSize,
                config.positive("vocab_size", 30522),
                new ModelConfig.Positions.Learned(config.positive("max_position_embeddings", 512)),
                config.positive("type_vocab_size", 2),
                config.tokenId("pad_token_id", 0),
                new ModelConfig.Attention(heads, hiddenSize / heads),
                new ModelConfig.FeedForward(
                        config.positive("intermediate_size", 3072), config.activation("hidden_act", "gelu")),
                new ModelConfig.Norm(config.number("layer_norm_eps", 1e-12)),
                new ModelConfig.Dropout(
                        hiddenDropout,
                        config.probability("attention_probs_dropout_prob", 0.1),
                        config.probability("classifier_dropout", hiddenDropout)),
                config.labels(),
                config.number("initializer_range", 0.02));
    }

    @Override
    public WeightNames names() {
        return NAMES;
    }

    @Override
    public List<String> defaultTargets() {
        return DEFAULT_TARGETS;
    }
}
