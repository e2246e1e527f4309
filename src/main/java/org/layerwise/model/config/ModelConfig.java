package org.layerwise.model.config;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A transformer as a choice of general parts, read from a checkpoint's {@code config.json} by the reader of its
 * {@linkplain Family family}. Sizes are those of HuggingFace's configuration of the same name.
 *
 * @param family HuggingFace's {@code model_type}
 * @param layers M, the number of transformer layers
 * @param hiddenSize d, the width of hidden states
 * @param vocabularySize token ids are 0 to this, exclusive
 * @param direction which tokens a token may attend to
 * @param positions how the order of tokens enters
 * @param padding the token id that fills rows up, if the family or the file names one
 * @param initializerRange standard deviation of freshly initialised weights
 */
public record ModelConfig(
        String family,
        int layers,
        int hiddenSize,
        int vocabularySize,
        Direction direction,
        Positions positions,
        Embedding embedding,
        OptionalLong padding,
        Attention attention,
        FeedForward feedForward,
        Norm norm,
        Residual residual,
        FinalNorm finalNorm,
        Dropout dropout,
        Head head,
        Labels labels,
        double initializerRange) {

    /** The padding of rows; any token id will do where the family names none, since padding is masked. */
    public RowPadding rowPadding() {
        int upTo = attention.reaches().stream()
                .map(Reach::rope)
                .filter(Objects::nonNull)
                .mapToInt(Rope::fixedUpTo)
                .min()
                .orElse(Integer.MAX_VALUE);
        return new RowPadding(padding.orElse(0), upTo);
    }

    /** Whether a row keeps its angles when it grows, so that the keys of its tokens can be kept. */
    public boolean keepsAngles(int shorter, int longer) {
        return attention.reaches().stream()
                .map(Reach::rope)
                .filter(Objects::nonNull)
                .allMatch(rope -> rope.sameFor(shorter, longer));
    }

    /** The number of token types (segments); 0 if the family has none. */
    public int segments() {
        return embedding.segments();
    }

    /** Which tokens a token may attend to. */
    public enum Direction {
        /** All of its row: encoders. */
        BOTH,
        /** Itself and those before it: decoders. */
        CAUSAL
    }

    /** How the order of tokens enters the model. */
    public sealed interface Positions {

        /** The most tokens that a row may have, or was trained with. */
        int most();

        /** Whether longer rows cannot be computed at all. */
        boolean limited();

        /**
         * A learned vector for each absolute position, added to the token's embedding.
         *
         * @param rows of the table
         * @param countedFromPadding the padding id, if positions are counted over tokens other than it and begin one after
         *     it (RoBERTa); otherwise they count all tokens from 0
         */
        record Learned(int rows, OptionalLong countedFromPadding) implements Positions {
            @Override
            public int most() {
                return (int) (rows - (countedFromPadding.isPresent() ? countedFromPadding.getAsLong() + 1 : 0));
            }

            @Override
            public boolean limited() {
                return true;
            }
        }

        /** Queries and keys turned by angles that grow with the position; the layers' {@link Reach} has the details. */
        record Rotary(int most) implements Positions {
            @Override
            public boolean limited() {
                return false;
            }
        }

        /**
         * Relative positions inside the attention (DeBERTa).
         *
         * @param added rows of a table of absolute positions that is added besides; 0 for none
         */
        record Relative(int most, int added) implements Positions {
            @Override
            public boolean limited() {
                return added > 0;
            }
        }
    }

    /**
     * The input of the first layer.
     *
     * @param width of the tables; where it is not the hidden size a linear map follows
     * @param segments number of token types; 0 for none
     * @param scale what token vectors are multiplied with
     * @param norm whether the sum is normalised
     * @param projectedFirst whether the linear map comes before the normalisation
     * @param masked whether padding is set to zero
     */
    public record Embedding(
            int width, int segments, double scale, boolean norm, boolean projectedFirst, boolean masked) {

        /** Tables of the hidden size, normalised. */
        public static Embedding normed(int width, int segments) {
            return new Embedding(width, segments, 1, true, false, false);
        }

        /** Token vectors and nothing else. */
        public static Embedding plain(int width) {
            return new Embedding(width, 0, 1, false, false, false);
        }
    }

    /**
     * Attention of several heads.
     *
     * @param heads number of query heads
     * @param keyValueHeads number of key and value heads, a divisor of it (grouped queries)
     * @param headSize width of one head
     * @param fused whether queries, keys and values come from one linear map
     * @param bias whether the maps to queries, keys and values have biases
     * @param outputBias whether the map of the output has one
     * @param headNorm whether each head's queries and keys are normalised
     * @param softCap scores are squeezed into plus or minus this by tanh; 0 for not
     * @param reaches how far and with which positions each layer sees
     * @param disentangled DeBERTa's relative positions, otherwise null
     */
    public record Attention(
            int heads,
            int keyValueHeads,
            int headSize,
            boolean fused,
            boolean bias,
            boolean outputBias,
            boolean headNorm,
            double softCap,
            List<Reach> reaches,
            @Nullable Disentangled disentangled) {

        public Attention {
            reaches = List.copyOf(reaches);
        }

        /** Attention as in the original transformer: as many keys as queries, biases everywhere. */
        public static Attention plain(int layers, int heads, int headSize) {
            return new Attention(
                    heads,
                    heads,
                    headSize,
                    false,
                    true,
                    true,
                    false,
                    0,
                    Reach.everywhere(layers, 1 / Math.sqrt(headSize), null),
                    null);
        }

        /** The width of all queries. */
        public int queryWidth() {
            return heads * headSize;
        }

        /** The width of all keys, and of all values. */
        public int keyValueWidth() {
            return keyValueHeads * headSize;
        }
    }

    /**
     * How a layer's attention sees.
     *
     * @param window a token sees those at a distance below this (in a bidirectional model half of it, the middle
     *     included); 0 for all
     * @param scale of the scores
     * @param rope the turning of queries and keys; null for none
     */
    public record Reach(int window, double scale, @Nullable Rope rope) {

        /** All layers alike, without a window. */
        static List<Reach> everywhere(int layers, double scale, @Nullable Rope rope) {
            return Collections.nCopies(layers, new Reach(0, scale, rope));
        }
    }

    /**
     * DeBERTa's disentangled attention (He et al., arXiv 2006.03654 and 2111.09543).
     *
     * @param contentToPosition whether content attends to positions
     * @param positionToContent whether positions attend to content
     * @param sharedKeys whether positions go through the maps of queries and keys; otherwise they have their own
     * @param buckets number of buckets of growing width on each side; 0 for one a distance
     * @param maxDistance the largest distance that is told from larger ones
     * @param normed whether the table of relative positions is normalised
     * @param convolution width of the convolution beside the first layer (DeBERTa-v2 xlarge); 0 for none
     * @param convolutionGroups its groups
     * @param convolutionActivation its non-linearity
     */
    public record Disentangled(
            boolean contentToPosition,
            boolean positionToContent,
            boolean sharedKeys,
            int buckets,
            int maxDistance,
            boolean normed,
            int convolution,
            int convolutionGroups,
            Activation convolutionActivation) {

        /** Rows of the table of relative positions on each side. */
        public int span() {
            return buckets > 0 ? buckets : maxDistance;
        }
    }

    /**
     * The feed-forward part of a layer: {@code down(activation(up(x)))}, or gated {@code down(activation(gate(x)) up(x))}.
     *
     * @param size its inner width
     * @param gated whether there is a gate
     * @param fused whether gate and up are one linear map, the gate first
     * @param bias whether its maps have biases
     */
    public record FeedForward(int size, Activation activation, boolean gated, boolean fused, boolean bias) {

        /** {@code down(activation(up(x)))} with biases. */
        public static FeedForward plain(int size, Activation activation) {
            return new FeedForward(size, activation, false, false, true);
        }
    }

    /**
     * Normalisation over the last axis.
     *
     * @param epsilon added to the variance or the mean square
     * @param bias whether a bias is added; only with {@link Kind#LAYER}
     */
    public record Norm(Kind kind, double epsilon, boolean bias) {

        /** The kinds of normalisation. */
        public enum Kind {
            /** By mean and variance (Ba et al., arXiv 1607.06450). */
            LAYER,
            /** By the root mean square (Zhang and Sennrich, arXiv 1910.07467). */
            RMS,
            /** The same with {@code 1 + weight}, as Gemma has it. */
            RMS_PLUS_ONE
        }

        /** Layer normalisation with a bias. */
        public static Norm layer(double epsilon) {
            return new Norm(Kind.LAYER, epsilon, true);
        }
    }

    /** Where a layer's parts are normalised. */
    public enum Residual {
        /** After the sum: {@code norm(x + f(x))}. */
        POST_NORM,
        /** Before the part: {@code x + f(norm(x))}. */
        PRE_NORM,
        /** The same, but the first layer's attention takes its input as it is (ModernBERT). */
        PRE_NORM_BUT_FIRST,
        /** Before and after the part: {@code x + norm(f(norm(x)))} (Gemma 2). */
        SANDWICH
    }

    /** What comes after the last layer. */
    public enum FinalNorm {
        /** Nothing. */
        NONE,
        /** A normalisation, and HuggingFace's last hidden state is taken after it (decoders). */
        IN_LAST_STATE,
        /** A normalisation that only the head sees (ModernBERT). */
        HEAD_ONLY
    }

    /**
     * The model's own dropout while it trains, as probabilities.
     *
     * @param embedding on the input of the first layer
     * @param attention on attention probabilities
     * @param attentionOutput on the output of the attention
     * @param inner inside the feed-forward part
     * @param feedForward on the output of the feed-forward part
     * @param headInput on the input of a classification head that has a dense layer
     * @param head on the input of the classifier
     */
    public record Dropout(
            double embedding,
            double attention,
            double attentionOutput,
            double inner,
            double feedForward,
            double headInput,
            double head) {

        /** No dropout: how a model is evaluated. */
        public static final Dropout NONE = new Dropout(0, 0, 0, 0, 0, 0, 0);

        /** The same probability on embeddings, attention, the outputs of both parts of a layer and before the classifier. */
        public static Dropout everywhere(double probability) {
            return new Dropout(probability, probability, probability, 0, probability, 0, probability);
        }

        /** Whether anything before the head is dropped. */
        public boolean beforeHead() {
            return embedding > 0 || attention > 0 || attentionOutput > 0 || inner > 0 || feedForward > 0;
        }
    }

    /**
     * How a classification head reads the last hidden state: {@code classifier(norm(activation(dense(pooled))))}.
     *
     * @param pooling which token stands for the row
     * @param dense the activation after a dense layer of the hidden size; null where there is no such layer
     * @param denseBias whether the dense layer has a bias
     * @param normed whether a normalisation follows it
     * @param bias whether the classifier has a bias
     */
    public record Head(Pooling pooling, @Nullable Activation dense, boolean denseBias, boolean normed, boolean bias) {

        /** Which token stands for a row. */
        public enum Pooling {
            FIRST,
            MEAN,
            LAST
        }

        /** A dense layer with biases on the first token. */
        public static Head dense(Activation activation) {
            return new Head(Pooling.FIRST, activation, true, false, true);
        }

        /** A linear map of the last token, without bias. */
        public static Head lastToken() {
            return new Head(Pooling.LAST, null, false, false, false);
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
