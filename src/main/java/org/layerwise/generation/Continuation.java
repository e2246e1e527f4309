package org.layerwise.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    private final List<String> before;

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
        return before.stream()
                .filter(whole::startsWith)
                .findFirst()
                .map(text -> whole.substring(text.length()))
                .orElseGet(() -> tokenizer.decode(tokens));
    }

    /**
     * Returns possible texts of the whole characters of a prompt, the longest first. A character whose bytes are split
     * between prompt and new tokens belongs to the new tokens. Its token may also have whole characters, which the text
     * without U+FFFD keeps; but where a decoder makes a whole run of bytes U+FFFD, only the text without its tokens has
     * the whole characters of that run.
     */
    private static List<String> complete(TextTokenizer tokenizer, long[] context) {
        String text = tokenizer.decode(context);
        if (!text.endsWith(INCOMPLETE)) {
            return List.of(text);
        }
        List<String> found = new ArrayList<>();
        found.add(text.substring(0, text.length() - INCOMPLETE.length()));
        for (int open = 1; open <= Math.min(MOST_OPEN, context.length) && found.size() == 1; open++) {
            String shorter = tokenizer.decode(Arrays.copyOf(context, context.length - open));
            if (!shorter.endsWith(INCOMPLETE)) {
                found.add(shorter);
            }
        }
        found.sort(Comparator.comparingInt(String::length).reversed());
        return found;
    }
}
