package org.layerwise.model;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A transformer as a choice of general parts, read from a checkpoint's {@code config.json} by the reader of its
 * {@linkplain Family family}. Sizes are those of HuggingFace's configuration of the same name.
 *
 * @param family HuggingFace's {@code model_type}
 * @param layers M, the number of transformer layers
 * @param hiddenSize d, the width of hidden states
 * @param vocabularySize token ids are 0 to this, exclusive
 * @param positions how the order of tokens enters
 * @param segments the number of token types (segments); 0 if the family has none
 * @param padId the token id that fills rows up
 * @param initializerRange standard deviation of freshly initialised weights
 */
public record ModelConfig(
        String family,
        int layers,
        int hiddenSize,
        int vocabularySize,
        Positions positions,
        int segments,
        long padId,
        Attention attention,
        FeedForward feedForward,
        Norm norm,
        Dropout dropout,
        Labels labels,
        double initializerRange) {

    /** How the order of tokens enters the model. */
    public sealed interface Positions {

        /** The most tokens that a row may have. */
        int most();

        /** A learned vector for each absolute position, added to the token's embedding. */
        record Learned(int most) implements Positions {}
    }

    /**
     * Multi-head attention.
     *
     * @param heads number of heads
     * @param headSize width of one head
     */
    public record Attention(int heads, int headSize) {}

    /**
     * The feed-forward part of a layer: {@code down(activation(up(x)))}.
     *
     * @param size its inner width
     */
    public record FeedForward(int size, Activation activation) {}

    /**
     * Layer normalisation.
     *
     * @param epsilon added to the variance
     */
    public record Norm(double epsilon) {}

    /**
     * The model's own dropout while it trains, as probabilities.
     *
     * @param hidden on embeddings and on the output of both parts of a layer
     * @param attention on attention probabilities
     * @param head on the input of the classifier
     */
    public record Dropout(double hidden, double attention, double head) {

        /** No dropout: how a model is evaluated. */
        public static final Dropout NONE = new Dropout(0, 0, 0);

        /** The same probability everywhere. */
        public static Dropout everywhere(double probability) {
            return new Dropout(probability, probability, probability);
        }
    }

    /**
     * What the checkpoint says of the labels that it was trained for.
     *
     * @param count HuggingFace's {@code num_labels}
     * @param names by class, as {@code id2label} has them; empty if the file has none
     */
    public record Labels(int count, List<String> names) {

        private static final Pattern NUMBERED = Pattern.compile("LABEL_\\d+");

        /** Whether the names say what the classes mean, unlike {@code LABEL_0, LABEL_1, …}. */
        public boolean meaningful() {
            return names.stream().anyMatch(name -> !NUMBERED.matcher(name).matches());
        }
    }
}
