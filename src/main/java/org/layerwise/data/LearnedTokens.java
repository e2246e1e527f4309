package org.layerwise.data;

import java.util.List;

/** The tokens of text that a language model learns, and that its loss is measured on. */
public sealed interface LearnedTokens {

    /** All tokens of each row with those that the tokenizer adds, as transformers has it where {@code labels} are the {@code input_ids}. */
    record All() implements LearnedTokens {}

    /**
     * Tokens with a character in some parts of the text; none that the tokenizer adds.
     *
     * @param byRow the parts of each row's text
     */
    record InParts(List<List<TextSpan>> byRow) implements LearnedTokens {

        public InParts {
            byRow = List.copyOf(byRow);
        }
    }
}
