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

/**
 * BERT (Devlin et al., arXiv 1810.04805) and the families with the same layers: RoBERTa (Liu et al., arXiv 1907.11692),
 * XLM-RoBERTa (Conneau et al., arXiv 1911.02116) and ELECTRA (Clark et al., arXiv 2003.10555), as HuggingFace's
 * {@code XxxForSequenceClassification} of each. They differ in positions, the width of the embeddings and the head.
 */
enum BertFamily implements Family {
    BERT("bert.", 30522, 768, 12, 3072, 0),
    ROBERTA("roberta.", 50265, 768, 12, 3072, 1),
    ELECTRA("electra.", 30522, 256, 4, 1024, 0);

    private static final List<String> BERT_TARGETS =
            List.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");

    private final String body;
    private final int vocabulary;
    private final int width;
    private final int heads;
    private final int inner;
    private final long padding;

    BertFamily(String body, int vocabulary, int width, int heads, int inner, long padding) {
        this.body = body;
        this.vocabulary = vocabulary;
        this.width = width;
        this.heads = heads;
        this.inner = inner;
        this.padding = padding;
    }

    @Override
    public ModelDescription read(ConfigReader config) {
        config.requireText("position_embedding_type", "absolute", "absolute");
        if (config.isNull("position_embedding_type")) {
            // HuggingFace then adds no positions at all
            throw config.refused("has position_embedding_type = null; write \"absolute\" or leave the key out.");
        }
        config.requireOff("is_decoder");
        int hiddenSize = config.positive("hidden_size", width);
        int layers = config.layers("num_hidden_layers", 12);
        int headCount = config.heads("num_attention_heads", heads);
        config.requireDivisible(hiddenSize, headCount, "hidden_size", "num_attention_heads");
        int size = config.positive("vocab_size", vocabulary);
        long padId = config.tokenId("pad_token_id", padding, size);
        int rows = config.positive("max_position_embeddings", 512);
        if (this == ROBERTA && rows <= padId + 1) {
            throw config.refused("has max_position_embeddings = %s, which leaves no position after pad_token_id = %s."
                    .formatted(rows, padId));
        }
        double hidden = config.dropout("hidden_dropout_prob", 0.1);
        double classifier = config.dropout("classifier_dropout", hidden);
        ModelConfig model = new ModelConfig(
                config.family(),
                LayerConfig.of(
                        AttentionConfig.plain(headCount, hiddenSize / headCount).times(layers),
                        ModelConfig.FeedForward.plain(
                                config.positive("intermediate_size", inner), config.activation("hidden_act", "gelu"))),
                hiddenSize,
                size,
                ModelConfig.Direction.BOTH,
                new ModelConfig.Positions.Learned(
                        rows, this == ROBERTA ? OptionalLong.of(padId) : OptionalLong.empty()),
                ModelConfig.Embedding.normed(
                        this == ELECTRA ? config.positive("embedding_size", 128) : hiddenSize,
                        config.positive("type_vocab_size", 2)),
                OptionalLong.of(padId),
                ModelConfig.Norm.layer(config.epsilon("layer_norm_eps", 1e-12)),
                ModelConfig.Residual.POST_NORM,
                1,
                ModelConfig.FinalNorm.NONE,
                new ModelConfig.Dropout(
                        hidden,
                        config.dropout("attention_probs_dropout_prob", 0.1),
                        hidden,
                        0,
                        hidden,
                        this == BERT ? 0 : classifier,
                        classifier),
                ModelConfig.Head.dense(this == ELECTRA ? Activation.GELU : Activation.TANH),
                config.labels(),
                config.number("initializer_range", 0.02));
        return ModelDescription.of(model, heads(names(body)), this == BERT ? BERT_TARGETS : List.of("query", "value"));
    }

    private ModuleNames heads(ModuleNames names) {
        return this == BERT
                ? names.with(Module.HEAD_DENSE, "bert.pooler.dense").with(Module.CLASSIFIER, "classifier")
                : names.with(Module.HEAD_DENSE, "classifier.dense").with(Module.CLASSIFIER, "classifier.out_proj");
    }

    /** Returns the module names of BERT's layers, under the prefix of a body. */
    static ModuleNames names(String body) {
        return ModuleNames.of(body, "encoder.layer.")
                .with(Module.TOKENS, "embeddings.word_embeddings")
                .with(Module.POSITIONS, "embeddings.position_embeddings")
                .with(Module.SEGMENTS, "embeddings.token_type_embeddings")
                .with(Module.EMBEDDING_NORM, "embeddings.LayerNorm")
                .with(Module.EMBEDDING_PROJECTION, "embeddings_project")
                .with(Module.QUERY, "attention.self.query")
                .with(Module.KEY, "attention.self.key")
                .with(Module.VALUE, "attention.self.value")
                .with(Module.ATTENTION_OUTPUT, "attention.output.dense")
                .with(Module.ATTENTION_NORM, "attention.output.LayerNorm")
                .with(Module.UP, "intermediate.dense")
                .with(Module.DOWN, "output.dense")
                .with(Module.FEED_FORWARD_NORM, "output.LayerNorm");
    }
}
