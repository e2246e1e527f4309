package org.layerwise.data.token;

import java.util.List;
import java.util.Set;

/**
 * Regular expressions of widely used tokenizers. None of them backtracks more than twice for each character of a match,
 * so that texts of the length that {@link CancellableTokenizer} accepts cannot end the process.
 */
final class KnownExpressions {

    /** None of them goes back by more than a character. */
    private static final Set<String> STRAIGHT = Set.of(
            // GPT-2, and what is trained with its splitting
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            // CLIP
            "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
            // normalizers of XLM-R, DeBERTa and CLIP
            " {2,}",
            "\\s+");

    /** Expressions that go back over a run of blanks once or twice. */
    private static final Set<String> BACK = Set.of(
            // Llama 3, and GPT-4 before it
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            // Qwen2 and later
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    private KnownExpressions() {}

    /** Returns true if all expressions are known. */
    static boolean containAll(List<String> expressions) {
        return expressions.stream().allMatch(each -> STRAIGHT.contains(each) || BACK.contains(each));
    }

    /** Returns true if one of these is known to go back over runs of blanks. */
    static boolean anyGoesBack(List<String> expressions) {
        return expressions.stream().anyMatch(BACK::contains);
    }
}
