package org.layerwise.generation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a row went on with.
 *
 * @param tokens the new ones, without the end-of-sequence token that ended the row
 * @param text what the prompt's text goes on with, without special tokens, up to the stop string that ended the row; null
 *     where there is no tokenizer
 */
public record Generated(long[] tokens, @Nullable String text, Reason reason) {

    /** Why a row ended. */
    public enum Reason {
        /** By an end-of-sequence token. */
        END,
        /** By a stop string. */
        STOP,
        /** It has all the tokens that it may have. */
        LENGTH
    }

    public Generated {
        tokens = tokens.clone();
    }

    /** A copy of the new tokens. */
    @Override
    public long[] tokens() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Generated that
                && Arrays.equals(tokens, that.tokens)
                && Objects.equals(text, that.text)
                && reason == that.reason;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(tokens), text, reason);
    }
}
