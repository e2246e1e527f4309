package org.layerwise.data.token;

import org.jspecify.annotations.Nullable;

/**
 * Rules for turning texts into rows of tokens, in addition to {@code tokenizer.json}.
 *
 * @param specialTokens true if the tokenizer adds its special tokens; false for a prompt whose chat template has added
 *     them
 * @param truncatesLeft true if the tokenizer asks for long rows to lose their beginnings, which is refused if a row is
 *     too long
 * @param images image settings of a model that reads images; null for every other model
 * @param learned the tokens that are labelled for a language model; null for no such labels
 * @param droppedEnd id of the token that a row loses if the tokenizer has appended it; null to keep all tokens
 */
public record EncodingRules(
        boolean specialTokens,
        boolean truncatesLeft,
        @Nullable ImageUse images,
        @Nullable LearnedTokens learned,
        @Nullable Long droppedEnd) {

    /** Rules for text with special tokens, truncated at its end. */
    public static final EncodingRules TEXT = new EncodingRules(true, false, null, null);

    /** Creates rules that keep all tokens. */
    public EncodingRules(
            boolean specialTokens, boolean truncatesLeft, @Nullable ImageUse images, @Nullable LearnedTokens learned) {
        this(specialTokens, truncatesLeft, images, learned, null);
    }
}
