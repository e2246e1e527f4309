package org.layerwise.model.config;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Transformer as a choice of general parts, read from a checkpoint's {@code config.json} by its
 * {@linkplain Family family}. Sizes are those of HuggingFace's configuration of the same name.
 *
 * @param family HuggingFace's {@code model_type}
 * @param layers M, the number of transformer layers
 * @param hiddenSize d, the width of hidden states
 * @param vocabularySize size of the vocabulary; token ids are below it
 * @param direction tokens to which a token may attend
 * @param positions encoding of the order of tokens
 * @param padding token id of padding, if the family or the file names one
 * @param branchScale factor of the output of each part before it is added to the part's input (Granite); usually 1
 * @param initializerRange standard deviation of newly initialised weights
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
        double branchScale,
        FinalNorm finalNorm,
        Dropout dropout,
        Head head,
        Labels labels,
        double initializerRange) {

    /** Returns this configuration with another factor of the output of each part. */
    ModelConfig withBranchScale(double factor) {
        return new ModelConfig(
                family,
                layers,
                hiddenSize,
                vocabularySize,
                direction,
                positions,
                embedding,
                padding,
                attention,
                feedForward,
                norm,
                residual,
                factor,
                finalNorm,
                dropout,
                head,
                labels,
                initializerRange);
    }

    /** Returns the padding of rows; any token id serves if the family names none, since padding is masked. */
    public RowPadding rowPadding() {
        int upTo = attention.reaches().stream()
                .map(Reach::rope)
                .filter(Objects::nonNull)
                .mapToInt(Rope::fixedUpTo)
                .min()
                .orElse(Integer.MAX_VALUE);
        return new RowPadding(padding.orElse(0), upTo);
    }

    /**
     * Returns true if the rotary angles of a row do not change when it grows, so that the keys of its tokens can be
     * kept.
     */
    public boolean keepsAngles(int shorter, int longer) {
        return attention.reaches().stream()
                .map(Reach::rope)
                .filter(Objects::nonNull)
                .allMatch(rope -> rope.sameFor(shorter, longer));
    }

    /** Returns the number of token types (segments); 0 if the family has none. */
    public int segments() {
        return embedding.segments();
    }

    /** Tokens to which a token may attend. */
    public enum Direction {
        /** All tokens of the row: encoders. */
        BOTH,
        /** The token itself and earlier tokens: decoders. */
        CAUSAL
    }

    /** Encoding of the order of tokens. */
    public sealed interface Positions {

        /** Returns the maximum number of tokens that a row may have, or with which the model was trained. */
        int most();

        /** Returns true if longer rows cannot be computed at all. */
        boolean limited();

        /**
         * Learned vector for each absolute position, added to the token's embedding.
         *
         * @param rows number of rows of the table
         * @param countedFromPadding the padding id, if positions count only other tokens and begin one after the
         *     padding id (RoBERTa); otherwise positions count all tokens from 0
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

        /**
         * Queries and keys rotated by angles that grow with the position; the layers' {@link Reach} has the details.
         */
        record Rotary(int most) implements Positions {
            @Override
            public boolean limited() {
                return false;
            }
        }

        /**
         * Relative positions inside the attention (DeBERTa).
         *
         * @param added number of rows of a table of absolute positions that is added as well; 0 for none
         */
        record Relative(int most, int added) implements Positions {
            @Override
            public boolean limited() {
                return added > 0;
            }
        }
    }

    /**
     * Input of the first layer.
     *
     * @param width width of the tables; if it is not the hidden size, a linear map follows
     * @param segments number of token types; 0 for none
     * @param scale factor of the token embeddings
     * @param norm true if the sum is normalised
     * @param projectedFirst true if the linear map comes before the normalisation
     * @param masked true if padding is set to zero
     */
    public record Embedding(
            int width, int segments, double scale, boolean norm, boolean projectedFirst, boolean masked) {

        /** Returns normalised embeddings with tables of the hidden size. */
        public static Embedding normed(int width, int segments) {
            return new Embedding(width, segments, 1, true, false, false);
        }

        /** Returns token embeddings without segments and normalisation. */
        public static Embedding plain(int width) {
            return new Embedding(width, 0, 1, false, false, false);
        }
    }

    /**
     * Attention of several heads.
     *
     * @param heads number of query heads
     * @param keyValueHeads number of key and value heads, a divisor of {@code heads} (grouped queries)
     * @param headSize width of one head
     * @param fused true if queries, keys and values come from one linear map
     * @param bias true if the maps to queries, keys and values have biases
     * @param outputBias true if the map of the output has a bias
     * @param norm normalisation of queries and keys
     * @param softCap tanh limits the scores to plus or minus this value; 0 for no limit
     * @param reaches window, scale and rotary positions of each layer
     * @param disentangled DeBERTa's relative positions, otherwise null
     * @param interleaved true if rotary positions turn neighbouring elements (GLM, Cohere) instead of those of two halves
     */
    public record Attention(
            int heads,
            int keyValueHeads,
            int headSize,
            boolean fused,
            boolean bias,
            boolean outputBias,
            QueryKeyNorm norm,
            double softCap,
            List<Reach> reaches,
            @Nullable Disentangled disentangled,
            boolean interleaved) {

        public Attention {
            reaches = List.copyOf(reaches);
        }

        /** Normalisation of queries and keys before rotary positions. */
        public enum QueryKeyNorm {
            NONE,
            /** Over each head (Qwen3, Gemma 3). */
            EACH_HEAD,
            /** Over all heads together (OLMo 2). */
            ALL_HEADS
        }

        /** Returns attention with separate maps without biases, and without further options. */
        static Attention of(int heads, int keyValueHeads, int headSize, List<Reach> reaches) {
            return new Attention(
                    heads, keyValueHeads, headSize, false, false, false, QueryKeyNorm.NONE, 0, reaches, null, false);
        }

        /**
         * Returns attention as in the original transformer: as many key heads as query heads, and biases in all maps.
         */
        public static Attention plain(int layers, int heads, int headSize) {
            return of(heads, heads, headSize, Reach.everywhere(layers, 1 / Math.sqrt(headSize), null))
                    .withBiases(true, true);
        }

        /** Returns this attention with one linear map for queries, keys and values. */
        Attention withFusedMap() {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    true,
                    bias,
                    outputBias,
                    norm,
                    softCap,
                    reaches,
                    disentangled,
                    interleaved);
        }

        /** Returns this attention with or without biases of the maps to queries, keys and values, and of the output. */
        Attention withBiases(boolean ofInputs, boolean ofOutput) {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    fused,
                    ofInputs,
                    ofOutput,
                    norm,
                    softCap,
                    reaches,
                    disentangled,
                    interleaved);
        }

        /** Returns this attention with normalised queries and keys. */
        Attention withNorm(QueryKeyNorm kind) {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    fused,
                    bias,
                    outputBias,
                    kind,
                    softCap,
                    reaches,
                    disentangled,
                    interleaved);
        }

        /** Returns this attention with scores limited by tanh; 0 for no limit. */
        Attention withSoftCap(double cap) {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    fused,
                    bias,
                    outputBias,
                    norm,
                    cap,
                    reaches,
                    disentangled,
                    interleaved);
        }

        /** Returns this attention with DeBERTa's relative positions; null for none. */
        Attention withRelativePositions(@Nullable Disentangled positions) {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    fused,
                    bias,
                    outputBias,
                    norm,
                    softCap,
                    reaches,
                    positions,
                    interleaved);
        }

        /** Returns this attention with rotary positions that turn neighbouring elements. */
        Attention withInterleavedRope() {
            return new Attention(
                    heads,
                    keyValueHeads,
                    headSize,
                    fused,
                    bias,
                    outputBias,
                    norm,
                    softCap,
                    reaches,
                    disentangled,
                    true);
        }

        /** Returns the width of all queries. */
        public int queryWidth() {
            return heads * headSize;
        }

        /** Returns the width of all keys, which is also the width of all values. */
        public int keyValueWidth() {
            return keyValueHeads * headSize;
        }
    }

    /**
     * Window, scale and rotary positions of a layer's attention.
     *
     * @param window a token sees tokens at a distance below this (in a bidirectional model, at a distance of at most
     *     half of it, rounded down); 0 for all tokens
     * @param scale scale of the scores
     * @param rope rotation of queries and keys; null for none
     */
    public record Reach(int window, double scale, @Nullable Rope rope) {

        /** Returns the same reach, without a window, for all layers. */
        static List<Reach> everywhere(int layers, double scale, @Nullable Rope rope) {
            return Collections.nCopies(layers, new Reach(0, scale, rope));
        }
    }

    /**
     * DeBERTa's disentangled attention (He et al., arXiv 2006.03654 and 2111.09543).
     *
     * @param contentToPosition true if content attends to positions
     * @param positionToContent true if positions attend to content
     * @param sharedKeys true if positions go through the maps of queries and keys; otherwise they have their own maps
     * @param buckets number of buckets of growing width on each side; 0 for one bucket per distance
     * @param maxDistance largest distance that is distinguished from larger ones
     * @param normed true if the table of relative positions is normalised
     * @param convolution width of the convolution beside the first layer (DeBERTa-v2 xlarge); 0 for none
     * @param convolutionGroups number of groups of the convolution
     * @param convolutionActivation non-linearity of the convolution
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

        /** Returns the number of rows of the table of relative positions on each side. */
        public int span() {
            return buckets > 0 ? buckets : maxDistance;
        }
    }

    /**
     * Feed-forward part of a layer: {@code down(activation(up(x)))}, or gated {@code down(activation(gate(x)) up(x))}.
     *
     * @param size inner width
     * @param gated true if there is a gate
     * @param fused true if gate and up are one linear map, the gate first
     * @param bias true if the maps have biases
     */
    public record FeedForward(int size, Activation activation, boolean gated, boolean fused, boolean bias) {

        /** Returns {@code down(activation(up(x)))} with biases. */
        public static FeedForward plain(int size, Activation activation) {
            return new FeedForward(size, activation, false, false, true);
        }
    }

    /**
     * Normalisation over the last axis.
     *
     * @param epsilon added to the variance or the mean square
     * @param bias true if a bias is added; only with {@link Kind#LAYER}
     */
    public record Norm(Kind kind, double epsilon, boolean bias) {

        /** Kinds of normalisation. */
        public enum Kind {
            /** Normalisation by mean and variance (Ba et al., arXiv 1607.06450). */
            LAYER,
            /** Normalisation by the root mean square (Zhang and Sennrich, arXiv 1910.07467). */
            RMS,
            /** Normalisation by the root mean square with {@code 1 + weight}, as in Gemma. */
            RMS_PLUS_ONE
        }

        /** Returns layer normalisation with a bias. */
        public static Norm layer(double epsilon) {
            return new Norm(Kind.LAYER, epsilon, true);
        }
    }

    /** Position of the normalisations around a layer's parts. */
    public enum Residual {
        /** After the sum: {@code norm(x + f(x))}. */
        POST_NORM,
        /** Before the part: {@code x + f(norm(x))}. */
        PRE_NORM,
        /** Before the part, except the attention of the first layer, which takes its input unchanged (ModernBERT). */
        PRE_NORM_BUT_FIRST,
        /** Before and after the part: {@code x + norm(f(norm(x)))} (Gemma 2). */
        SANDWICH,
        /** After the part: {@code x + norm(f(x))} (OLMo 2). */
        BRANCH_NORM,
        /** Before both parts, which read the same: {@code x + f(norm(x)) + g(norm(x))} (Cohere). */
        PARALLEL
    }

    /** Normalisation after the last layer. */
    public enum FinalNorm {
        /** Absence of a final normalisation. */
        NONE,
        /** Normalisation before HuggingFace's last hidden state (decoders). */
        IN_LAST_STATE,
        /** Normalisation that only the head sees (ModernBERT). */
        HEAD_ONLY
    }

    /**
     * Probabilities of the model's own dropout during training.
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

        /** Value without dropout, used for evaluation. */
        public static final Dropout NONE = new Dropout(0, 0, 0, 0, 0, 0, 0);

        /** Returns true if there is any dropout before the head. */
        public boolean beforeHead() {
            return embedding > 0 || attention > 0 || attentionOutput > 0 || inner > 0 || feedForward > 0;
        }
    }

    /**
     * Structure of a classification head, which reads the last hidden state:
     * {@code classifier(norm(activation(dense(pooled))))}.
     *
     * @param pooling token that represents the row
     * @param dense activation after a dense layer of the hidden size; null if there is no such layer
     * @param denseBias true if the dense layer has a bias
     * @param normed true if a normalisation follows the dense layer
     * @param bias true if the classifier has a bias
     */
    public record Head(Pooling pooling, @Nullable Activation dense, boolean denseBias, boolean normed, boolean bias) {

        /** Token that represents a row: the first, the mean of all, or the last. */
        public enum Pooling {
            FIRST,
            MEAN,
            LAST
        }

        /** Returns a head with a dense layer with biases on the first token. */
        public static Head dense(Activation activation) {
            return new Head(Pooling.FIRST, activation, true, false, true);
        }

        /** Returns a head that is a linear map of the last token, without bias. */
        public static Head lastToken() {
            return new Head(Pooling.LAST, null, false, false, false);
        }
    }

    /**
     * Labels for which the checkpoint was trained.
     *
     * @param count HuggingFace's {@code num_labels}
     * @param names names by class, as in {@code id2label}; empty if the file has none
     */
    public record Labels(int count, List<String> names) {

        private static final Pattern NUMBERED = Pattern.compile("LABEL_\\d+");

        /** Returns a name for each output of a head: the given ones, and placeholders for further outputs. */
        public static List<String> named(List<String> names, int outputs) {
            return IntStream.range(0, outputs)
                    .mapToObj(index -> index < names.size() ? names.get(index) : "LABEL_" + index)
                    .toList();
        }

        /** Returns true if the names describe the classes, unlike {@code LABEL_0, LABEL_1, …}. */
        public boolean meaningful() {
            return !placeholders(names);
        }

        /** Returns true if all names are HuggingFace's placeholders {@code LABEL_0, LABEL_1, …}. */
        public static boolean placeholders(List<String> names) {
            return names.stream().allMatch(name -> NUMBERED.matcher(name).matches());
        }
    }
}
