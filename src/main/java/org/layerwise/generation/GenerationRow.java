package org.layerwise.generation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Seeds;

/** A row during generation. */
final class GenerationRow {

    private final int index;
    private final SplittableRandom random;
    private final @Nullable Continuation text;
    private long[] tokens;
    private final int promptLength;
    private int length;
    private GeneratedText.@Nullable Reason reason;
    private @Nullable String cut;

    /**
     * @param index number of the row among all rows
     * @param text decoder of the row's text; null without a tokenizer
     */
    GenerationRow(int index, long[] prompt, long seed, @Nullable Continuation text) {
        this.index = index;
        this.random = new SplittableRandom(Seeds.of(seed, index));
        this.text = text;
        this.tokens = prompt;
        this.promptLength = prompt.length;
        this.length = prompt.length;
    }

    int index() {
        return index;
    }

    SplittableRandom random() {
        return random;
    }

    /** Returns the number of tokens, including the prompt. */
    int length() {
        return length;
    }

    long token(int position) {
        return tokens[position];
    }

    /** Returns a copy of the tokens, including the prompt. */
    long[] ids() {
        return Arrays.copyOf(tokens, length);
    }

    boolean finished() {
        return reason != null;
    }

    /** Adds the next token, which may end the row. */
    void add(long token, int most, Set<Long> ends, Set<Long> stopTokens, List<String> stops) {
        if (ends.contains(token)) {
            reason = GeneratedText.Reason.END;
            return;
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, length + Math.min(most, Math.max(16, length / 2)));
        }
        tokens[length++] = token;
        if (stopTokens.contains(token)) {
            reason = GeneratedText.Reason.STOP;
        } else if (!stops.isEmpty()) {
            stopAt(stops);
        }
        if (reason == null && length - promptLength == most) {
            reason = GeneratedText.Reason.LENGTH;
        }
    }

    private void stopAt(List<String> stops) {
        if (text == null) {
            return;
        }
        String soFar = text.of(added());
        int first = stops.stream()
                .mapToInt(soFar::indexOf)
                .filter(place -> place >= 0)
                .min()
                .orElse(-1);
        if (first >= 0) {
            reason = GeneratedText.Reason.STOP;
            cut = soFar.substring(0, first);
        }
    }

    private long[] added() {
        return Arrays.copyOfRange(tokens, promptLength, length);
    }

    GeneratedText generated() {
        if (reason == null) {
            throw new IllegalStateException("the row still grows");
        }
        return new GeneratedText(added(), cut != null || text == null ? cut : text.of(added()), reason);
    }
}
