package org.layerwise.data;

import org.jspecify.annotations.Nullable;

/**
 * How text becomes rows of tokens, beyond what {@code tokenizer.json} says.
 *
 * @param specialTokens whether the tokenizer adds its special tokens; false for a prompt that a chat template gave them
 * @param truncatesLeft whether the tokenizer asks for long rows to lose their beginnings, which is refused where it matters
 * @param images for a model that sees images; null for every other
 * @param learned the tokens that are labelled for a language model; null for no such labels
 */
public record EncodingRules(
        boolean specialTokens, boolean truncatesLeft, @Nullable ImageUse images, @Nullable LearnedTokens learned) {

    /** Text with special tokens, cut at its end. */
    public static final EncodingRules TEXT = new EncodingRules(true, false, null, null);
}
