package org.layerwise.model.config;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Transformer as a choice of general parts, read from a checkpoint's {@code config.json} by its
 * family. Sizes are those of HuggingFace's configuration of the same name.
 *
 * @param family HuggingFace's {@code model_type}
 * @param layerConfigs configuration of each transformer layer, from the first
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
        List<LayerConfig> layerConfigs,
        int hiddenSize,
        int vocabularySize,
        Direction direction,
        Positions positions,
        Embedding embedding,
        OptionalLong padding,
        Norm norm,
        Residual residual,
        double branchScale,
        FinalNorm finalNorm,
        Dropout dropout,
        Head head,
        Labels labels,
        double initializerRange) {

    /** Returns this configuration as a part of a model of another family, with that model's padding and labels. */
    public ModelConfig inside(String otherFamily, OptionalLong otherPadding, Labels otherLabels) {
        return with(otherFamily, layerConfigs, direction, otherPadding, branchScale, head, otherLabels);
    }

    /** Returns this configuration with other layers. */
    public ModelConfig withLayers(List<LayerConfig> others) {
        return with(family, others, direction, padding, branchScale, head, labels);
    }

    /** Returns this configuration with another factor of the output of each part. */
    public ModelConfig withBranchScale(double factor) {
        return with(family, layerConfigs, direction, padding, factor, head, labels);
    }

    /** Returns this configuration with every token seeing the whole row, and another classification head. */
    public ModelConfig asEncoder(Head classifier) {
        return with(family, layerConfigs, Direction.BOTH, padding, branchScale, classifier, labels);
    }

    private ModelConfig with(
            String otherFamily,
            List<LayerConfig> layers,
            Direction seen,
            OptionalLong padded,
            double factor,
            Head classifier,
            Labels classes) {
        return new ModelConfig(
                otherFamily,
                layers,
                hiddenSize,
                vocabularySize,
                seen,
                positions,
                embedding,
                padded,
                norm,
                residual,
                factor,
                finalNorm,
                dropout,
                classifier,
                classes,
                initializerRange);
    }

    public ModelConfig {
        layerConfigs = List.copyOf(layerConfigs);
    }

    /** Returns M, the number of transformer layers. */
    public int layers() {
        return layerConfigs.size();
    }

    /** Returns the configuration of a layer. */
    public LayerConfig layer(int index) {
        return layerConfigs.get(index);
    }

    /** Returns true if later layers read the keys and values of a layer. */
    public boolean sharesKeys(int layer) {
        return sharedSources().anyMatch(source -> source == layer);
    }

    /**
     * Returns the width of a layer's input: the hidden state and, behind it, the keys and values of earlier layers that
     * layers share, in the order of the layers.
     *
     * @param layer number of the layer; that of all layers for the output of the last one
     */
    public int stateWidth(int layer) {
        return hiddenSize
                + sharedSources()
                        .filter(source -> source < layer)
                        .mapToObj(source -> Objects.requireNonNull(layer(source).attention()))
                        .mapToInt(attention -> 2 * attention.keyValueWidth())
                        .sum();
    }

    private IntStream sharedSources() {
        return layerConfigs.stream()
                .map(LayerConfig::keysOf)
                .flatMapToInt(OptionalInt::stream)
                .distinct();
    }

    /** Returns the different configurations of attention, in the order of the layers. */
    public List<AttentionConfig> attentions() {
        return layerConfigs.stream()
                .map(LayerConfig::attention)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Returns the number of query heads of the first layer with attention; 0 if no layer has attention. */
    public int heads() {
        return attentions().stream()
                .mapToInt(AttentionConfig::heads)
                .findFirst()
                .orElse(0);
    }

    /** Returns DeBERTa's relative positions; null for other families. */
    public @Nullable DisentangledConfig disentangled() {
        return positions instanceof Positions.Relative relative ? relative.disentangled() : null;
    }

    /** Returns the padding of rows; any token id serves if the family names none, since padding is masked. */
    public RowPadding rowPadding() {
        int upTo = attentions().stream()
                .map(AttentionConfig::rope)
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
        return attentions().stream()
                .map(AttentionConfig::rope)
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
         * Queries and keys rotated by angles that grow with the position; the layers' {@link AttentionConfig} has the details.
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
         * @param disentangled relative positions; null for none
         */
        record Relative(int most, int added, @Nullable DisentangledConfig disentangled) implements Positions {
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
     * @param perLayer input of each layer beside the hidden state; null for nearly all families
     */
    public record Embedding(
            int width,
            int segments,
            double scale,
            boolean norm,
            boolean projectedFirst,
            boolean masked,
            @Nullable PerLayerInputConfig perLayer) {

        /** Returns normalised embeddings with tables of the hidden size. */
        public static Embedding normed(int width, int segments) {
            return new Embedding(width, segments, 1, true, false, false, null);
        }

        /** Returns token embeddings without segments and normalisation. */
        public static Embedding plain(int width) {
            return scaled(width, 1);
        }

        /** Returns token embeddings with a factor, without segments and normalisation. */
        public static Embedding scaled(int width, double factor) {
            return new Embedding(width, 0, factor, false, false, false, null);
        }

        /** Returns these embeddings with an input of each layer beside the hidden state. */
        public Embedding withPerLayer(PerLayerInputConfig inputs) {
            return new Embedding(width, segments, scale, norm, projectedFirst, masked, inputs);
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

        /** Returns this part with another inner width. */
        public FeedForward withSize(int other) {
            return new FeedForward(other, activation, gated, fused, bias);
        }

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
        PARALLEL,
        /** Before both parts, with a norm of its own before each (GPT-NeoX): {@code x + f(norm(x)) + g(norm(x))}. */
        PARALLEL_TWO_NORMS
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

        /** Token or mean that represents a row. */
        public enum Pooling {
            FIRST,
            MEAN,
            LAST,
            /** The mean of the logits of all tokens (EuroBERT). */
            MEAN_OF_LOGITS
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
