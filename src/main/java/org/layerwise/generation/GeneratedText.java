package org.layerwise.generation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Generated continuation of a row.
 *
 * @param tokens new tokens, without the end-of-sequence token that ended the row
 * @param text text of the new tokens, without special tokens, up to the stop string that ended the row; null without a
 *     tokenizer
 */
public record GeneratedText(long[] tokens, @Nullable String text, Reason reason) {

    /** Reason for the end of a row. */
    public enum Reason {
        /** An end-of-sequence token. */
        END,
        /** A stop string. */
        STOP,
        /** The maximum number of tokens. */
        LENGTH
    }

    public GeneratedText {
        tokens = tokens.clone();
    }

    /** Returns a copy of the new tokens. */
    @Override
    public long[] tokens() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GeneratedText that
                && Arrays.equals(tokens, that.tokens)
                && Objects.equals(text, that.text)
                && reason == that.reason;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(tokens), text, reason);
    }
}
