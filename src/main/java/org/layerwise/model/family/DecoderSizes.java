package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.MixerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.Rope;

/**
 * Sizes that decoders with rotary positions share, with the checks that are the same for all of them.
 *
 * @param keyValueHeads number of key and value heads, a divisor of {@code heads}
 * @param most {@code max_position_embeddings}
 */
record DecoderSizes(
        ConfigReader config, int layers, int hiddenSize, int heads, int keyValueHeads, int headSize, int most) {

    /** Key that is true where tokens see later ones, too. */
    static final String TWO_WAY = "use_bidirectional_attention";

    /**
     * Defaults of the HuggingFace configuration class of a family.
     *
     * @param keyValueHeads 0 for the number of heads
     * @param headSize 0 for the width divided by the number of heads
     */
    record Defaults(int width, int layers, int heads, int keyValueHeads, int headSize, int most) {}

    /** Reads the sizes, apart from those of the rotary positions, of models whose tokens see earlier ones alone. */
    static DecoderSizes read(ConfigReader config, Defaults defaults) {
        // "vision" means tokens of images alone
        if (!config.config().path(TWO_WAY).asText("").equals("vision")) {
            config.requireOff(TWO_WAY);
        }
        return readEitherWay(config, defaults);
    }

    /** Reads the sizes, apart from those of the rotary positions, also where tokens see later ones. */
    static DecoderSizes readEitherWay(ConfigReader config, Defaults defaults) {
        config.requireOn("is_causal");
        int hiddenSize = config.positive("hidden_size", defaults.width());
        int heads = config.heads("num_attention_heads", defaults.heads());
        // null means one key and value head per query head; a missing key means the family's own number
        boolean forEach = defaults.keyValueHeads() == 0 || config.isNull("num_key_value_heads");
        int keyValueHeads = config.heads("num_key_value_heads", forEach ? heads : defaults.keyValueHeads());
        config.requireDivisible(heads, keyValueHeads, "num_attention_heads", "num_key_value_heads");
        boolean share = defaults.headSize() == 0;
        if (share && !config.isSet("head_dim")) {
            config.requireDivisible(hiddenSize, heads, "hidden_size", "num_attention_heads");
        }
        int headSize = config.headSize("head_dim", share ? hiddenSize / heads : defaults.headSize());
        return new DecoderSizes(
                config,
                config.layers("num_hidden_layers", defaults.layers()),
                hiddenSize,
                heads,
                keyValueHeads,
                headSize,
                config.positive("max_position_embeddings", defaults.most()));
    }

    /** Returns the rotary positions of a family that rotates whole heads, the same in all layers. */
    Rope rope() {
        return ropes(RopeReader.WHOLE).read(Rope.USUAL_THETA);
    }

    /**
     * Returns a reader of the rotary positions.
     *
     * @param usualShare {@code partial_rotary_factor} if the file has none; {@link RopeReader#WHOLE} if the family rotates
     *     whole heads alone
     */
    RopeReader ropes(double usualShare) {
        return new RopeReader(config, headSize, most, usualShare);
    }

    /** Returns attention of these sizes, with separate maps without biases, and without positions. */
    AttentionConfig attention() {
        return AttentionConfig.of(heads, keyValueHeads, headSize);
    }

    /** Returns attention whose maps, that of the output too, have biases by the key {@code attention_bias}. */
    AttentionConfig biasedAttention(boolean whenSilent) {
        boolean bias = config.flag("attention_bias", whenSilent);
        return attention().withBiases(bias, bias);
    }

    /**
     * Returns a gated feed-forward part with separate maps and the key {@code hidden_act}, by default SiLU.
     *
     * @param size inner width if the file has none
     */
    ModelConfig.FeedForward gated(int size, boolean bias) {
        return new ModelConfig.FeedForward(
                config.positive("intermediate_size", size), config.activation("hidden_act", "silu"), true, false, bias);
    }

    /** Returns the dropout of a family that has it on attention probabilities alone. */
    ModelConfig.Dropout attentionDropout() {
        return dropout(0, 0);
    }

    /**
     * Returns dropout on attention probabilities and at two other places.
     *
     * @param embedding probability on the input of the first layer
     * @param parts probability on the output of the attention and of the feed-forward part
     */
    ModelConfig.Dropout dropout(double embedding, double parts) {
        return new ModelConfig.Dropout(embedding, config.dropout("attention_dropout", 0), parts, 0, parts, 0, 0);
    }

    /**
     * Returns a decoder of these sizes that is normalised before its parts and at the end, with embeddings as they are
     * and dropout on attention probabilities alone.
     *
     * @param vocabulary size of the vocabulary if the file has none
     * @param padding id of the padding if the file has none
     */
    ModelConfig model(
            int vocabulary,
            OptionalLong padding,
            List<? extends MixerConfig> mixers,
            ModelConfig.FeedForward feedForward,
            ModelConfig.Norm norm) {
        return model(
                vocabulary,
                padding,
                ModelConfig.Embedding.plain(hiddenSize),
                mixers,
                feedForward,
                norm,
                ModelConfig.Residual.PRE_NORM,
                attentionDropout());
    }

    /**
     * Returns a decoder of these sizes that is normalised before its parts, or before and after them, and at the end.
     *
     * @param vocabulary size of the vocabulary if the file has none
     * @param padding id of the padding if the file has none
     */
    ModelConfig model(
            int vocabulary,
            OptionalLong padding,
            ModelConfig.Embedding embedding,
            List<? extends MixerConfig> mixers,
            ModelConfig.FeedForward feedForward,
            ModelConfig.Norm norm,
            ModelConfig.Residual residual,
            ModelConfig.Dropout dropout) {
        int tokens = config.positive("vocab_size", vocabulary);
        return new ModelConfig(
                config.family(),
                LayerConfig.of(mixers, feedForward),
                hiddenSize,
                tokens,
                ModelConfig.Direction.CAUSAL,
                new ModelConfig.Positions.Rotary(most),
                embedding,
                config.tokenId("pad_token_id", padding, tokens),
                norm,
                residual,
                1,
                ModelConfig.FinalNorm.IN_LAST_STATE,
                dropout,
                ModelConfig.Head.lastToken(),
                config.labels(),
                config.number("initializer_range", 0.02));
    }
}
