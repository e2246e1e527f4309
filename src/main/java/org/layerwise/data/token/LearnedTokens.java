package org.layerwise.data.token;

import java.util.List;

/** Tokens of a text that a language model learns, and that its loss is computed on. */
public sealed interface LearnedTokens {

    /**
     * All tokens of each row, including those that the tokenizer adds, as in transformers if {@code labels} are the
     * {@code input_ids}.
     */
    record All() implements LearnedTokens {}

    /**
     * Tokens that have a character in some parts of the text; excludes tokens that the tokenizer adds.
     *
     * @param byRow the parts of each row's text
     */
    record InParts(List<List<TextSpan>> byRow) implements LearnedTokens {

        public InParts {
            byRow = List.copyOf(byRow);
        }
    }
}
