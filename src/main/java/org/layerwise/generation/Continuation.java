package org.layerwise.generation;

import java.util.Arrays;
import org.layerwise.data.token.TextTokenizer;

/**
 * Text that tokens add to a prompt, determined as in transformers' {@code TextGenerationPipeline}: the decoded text of
 * all tokens without the text of the prompt. The new tokens decoded alone could lose their first space. The last tokens
 * of the prompt are sufficient as context if they begin with a whole character: some decoders make a whole run of bytes
 * U+FFFD if one of its characters is incomplete.
 */
final class Continuation {

    private static final int CONTEXT = 16;

    // UTF-8 has at most four bytes a character
    private static final int MOST_OPEN = 3;
    private static final String INCOMPLETE = "\uFFFD";

    private final TextTokenizer tokenizer;
    private final long[] context;
    private final String before;

    Continuation(TextTokenizer tokenizer, long[] prompt) {
        this.tokenizer = tokenizer;
        this.context = context(tokenizer, prompt);
        this.before = complete(tokenizer, context);
    }

    private static long[] context(TextTokenizer tokenizer, long[] prompt) {
        int length = Math.min(CONTEXT, prompt.length);
        long[] context = last(prompt, length);
        while (length < prompt.length && tokenizer.decode(context).startsWith(INCOMPLETE)) {
            length = Math.min(2 * length, prompt.length);
            context = last(prompt, length);
        }
        return context;
    }

    private static long[] last(long[] tokens, int length) {
        return Arrays.copyOfRange(tokens, tokens.length - length, tokens.length);
    }

    /** Returns the text of the new tokens, without special tokens. */
    String of(long[] tokens) {
        long[] all = Arrays.copyOf(context, context.length + tokens.length);
        System.arraycopy(tokens, 0, all, context.length, tokens.length);
        String whole = tokenizer.decode(all);
        return whole.startsWith(before) ? whole.substring(before.length()) : tokenizer.decode(tokens);
    }

    // a character whose bytes are split between prompt and new tokens belongs to the new tokens
    private static String complete(TextTokenizer tokenizer, long[] context) {
        for (int open = 0; open <= Math.min(MOST_OPEN, context.length); open++) {
            String text = tokenizer.decode(Arrays.copyOf(context, context.length - open));
            if (!text.endsWith(INCOMPLETE)) {
                return text;
            }
        }
        String text = tokenizer.decode(context);
        return text.substring(0, text.length() - INCOMPLETE.length());
    }
}
