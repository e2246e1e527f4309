package org.layerwise.model.family;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * DeBERTa-v2 (He et al., arXiv 2006.03654) and v3 (arXiv 2111.09543), as HuggingFace's
 * {@code DebertaV2ForSequenceClassification}.
 */
final class DebertaFamily implements Family {

    private static final ModuleNames NAMES = BertFamily.names("deberta.")
            .with(Module.EMBEDDING_PROJECTION, "embeddings.embed_proj")
            .with(Module.RELATIVE_POSITIONS, "encoder.rel_embeddings")
            .with(Module.RELATIVE_NORM, "encoder.LayerNorm")
            .with(Module.CONVOLUTION, "encoder.conv.conv")
            .with(Module.CONVOLUTION_NORM, "encoder.conv.LayerNorm")
            .with(Module.QUERY, "attention.self.query_proj")
            .with(Module.KEY, "attention.self.key_proj")
            .with(Module.VALUE, "attention.self.value_proj")
            .with(Module.POSITION_KEY, "attention.self.pos_key_proj")
            .with(Module.POSITION_QUERY, "attention.self.pos_query_proj")
            .with(Module.HEAD_DENSE, "pooler.dense")
            .with(Module.CLASSIFIER, "classifier");

    private static final List<String> TARGETS = List.of(
            "query_proj", "key_proj", "value_proj", "attention.output.dense", "intermediate.dense", "output.dense");

    @Override
    public ModelDescription read(ConfigReader config) {
        int hiddenSize = config.positive("hidden_size", 1536);
        int heads = config.heads("num_attention_heads", 24);
        config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        config.requireNumber("attention_head_size", hiddenSize / heads);
        config.requireNumber("pooler_hidden_size", hiddenSize);
        int layers = config.layers("num_hidden_layers", 24);
        int most = config.positive("max_position_embeddings", 512);
        double hidden = config.dropout("hidden_dropout_prob", 0.1);
        int vocabulary = config.positive("vocab_size", 128100);
        ModelConfig model = new ModelConfig(
                config.family(),
                LayerConfig.of(
                        AttentionConfig.plain(heads, hiddenSize / heads).times(layers),
                        ModelConfig.FeedForward.plain(
                                config.positive("intermediate_size", 6144), config.activation("hidden_act", "gelu"))),
                hiddenSize,
                vocabulary,
                ModelConfig.Direction.BOTH,
                new ModelConfig.Positions.Relative(
                        most, config.flag("position_biased_input", true) ? most : 0, disentangled(config, most)),
                new ModelConfig.Embedding(
                        config.positive("embedding_size", hiddenSize),
                        config.count("type_vocab_size", 0),
                        1,
                        true,
                        true,
                        true,
                        null),
                OptionalLong.of(config.tokenId("pad_token_id", 0, vocabulary)),
                ModelConfig.Norm.layer(config.epsilon("layer_norm_eps", 1e-7)),
                ModelConfig.Residual.POST_NORM,
                1,
                ModelConfig.FinalNorm.NONE,
                new ModelConfig.Dropout(
                        hidden,
                        config.dropout("attention_probs_dropout_prob", 0.1),
                        hidden,
                        0,
                        hidden,
                        config.dropout("pooler_dropout", 0),
                        config.dropout("cls_dropout", hidden)),
                ModelConfig.Head.dense(config.activation("pooler_hidden_act", "gelu")),
                config.labels(),
                config.number("initializer_range", 0.02));
        return ModelDescription.of(model, NAMES, TARGETS);
    }

    private static @Nullable DisentangledConfig disentangled(ConfigReader config, int most) {
        List<String> types = words(config, "pos_att_type");
        boolean relative = config.flag("relative_attention", false);
        if (!relative) {
            if (types.contains("c2p") || types.contains("p2c")) {
                // the scale of the attention counts terms that are absent without relative attention
                throw config.refused("has pos_att_type without relative_attention, which Layerwise does not support.");
            }
            if (config.count("conv_kernel_size", 0) > 0) {
                throw config.refused(
                        "has conv_kernel_size without relative_attention, which Layerwise does not support.");
            }
            return null;
        }
        int convolution = config.count("conv_kernel_size", 0);
        if (convolution > 0 && convolution % 2 == 0) {
            throw config.refused(
                    "has conv_kernel_size = %s; only odd widths keep the length of a row.".formatted(convolution));
        }
        int buckets = config.positiveOr("position_buckets", 0);
        int farthest = config.positiveOr("max_relative_positions", most);
        boolean near = config.flag("position_biased_input", true) && most <= farthest;
        if (buckets == 1 || (buckets > 1 && farthest - 1 == buckets / 2 && !near)) {
            throw config.refused(
                    "has position_buckets = %s for max_relative_positions = %s, which leaves no bucket for far positions."
                            .formatted(buckets, farthest));
        }
        return new DisentangledConfig(
                types.contains("c2p"),
                types.contains("p2c"),
                config.flag("share_att_key", false),
                buckets,
                farthest,
                words(config, "norm_rel_ebd").contains("layer_norm"),
                convolution,
                config.positive("conv_groups", 1),
                config.activation("conv_act", "tanh"));
    }

    private static List<String> words(ConfigReader config, String key) {
        return config.texts(key).stream()
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
    }
}
