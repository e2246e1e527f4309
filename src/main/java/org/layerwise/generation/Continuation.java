package org.layerwise.generation;

import java.util.Arrays;
import org.layerwise.data.TextTokenizer;

/**
 * Text that tokens add to a prompt, determined as in transformers' {@code TextGenerationPipeline}: the decoded text of
 * all tokens without the text of the prompt. The new tokens decoded alone could lose their first space. The last tokens
 * of the prompt are sufficient as context.
 */
final class Continuation {

    private static final int CONTEXT = 16;
    private static final String INCOMPLETE = "\uFFFD";

    private final TextTokenizer tokenizer;
    private final long[] context;
    private final String before;

    Continuation(TextTokenizer tokenizer, long[] prompt) {
        this.tokenizer = tokenizer;
        this.context = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - CONTEXT), prompt.length);
        this.before = complete(tokenizer.decode(context));
    }

    /** Returns the text of the new tokens, without special tokens. */
    String of(long[] tokens) {
        long[] all = Arrays.copyOf(context, context.length + tokens.length);
        System.arraycopy(tokens, 0, all, context.length, tokens.length);
        String whole = tokenizer.decode(all);
        return whole.startsWith(before) ? whole.substring(before.length()) : tokenizer.decode(tokens);
    }

    // a character whose bytes are split between prompt and new tokens belongs to the new tokens
    private static String complete(String text) {
        String complete = text;
        while (complete.endsWith(INCOMPLETE)) {
            complete = complete.substring(0, complete.length() - INCOMPLETE.length());
        }
        return complete;
    }
}
