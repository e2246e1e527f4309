package org.layerwise.generation;

import java.util.Arrays;
import org.layerwise.data.TextTokenizer;

/**
 * The text that tokens add to a prompt, as transformers' {@code TextGenerationPipeline} cuts it: the text of all tokens
 * without that of the prompt's. Decoded alone, the new ones could lose their first space. The prompt's last tokens do for
 * all of them.
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

    /** The text of the new tokens, special ones left out. */
    String of(long[] tokens) {
        long[] all = Arrays.copyOf(context, context.length + tokens.length);
        System.arraycopy(tokens, 0, all, context.length, tokens.length);
        String whole = tokenizer.decode(all);
        return whole.startsWith(before) ? whole.substring(before.length()) : tokenizer.decode(tokens);
    }

    // a character whose bytes are spread over prompt and new tokens belongs to the new ones
    private static String complete(String text) {
        String complete = text;
        while (complete.endsWith(INCOMPLETE)) {
            complete = complete.substring(0, complete.length() - INCOMPLETE.length());
        }
        return complete;
    }
}
