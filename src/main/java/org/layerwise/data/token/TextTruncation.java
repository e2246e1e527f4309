package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;

/**
 * Shortens long texts before they are tokenised, without changing the tokens that a limit keeps: a tokenizer takes some
 * hundred bytes per character, and cannot be interrupted.
 *
 * <p>The tokens at a position depend on the characters around it, such as a word or a run of digits or blanks. So a
 * text is cut far after the last token that is kept, and there must be other characters than blanks between that token
 * and the cut. The tokens are compared with those of shorter beginnings. If they differ, or are too few, a longer
 * beginning is tried, and finally the whole text.
 */
final class TextTruncation {

    /** Characters between the last token that counts and the cut: far more than a tokenizer looks ahead. */
    static final int MARGIN = 1 << 14;

    private static final int CHARACTERS_A_TOKEN = 16;

    // minimum ratio of a text's length to a beginning's, since four beginnings are tokenised
    private static final int GROWTH = 4;

    // maximum tokens in the pieces of a pair that is not shortened to a few tokens; a token takes about 100 bytes
    private static final long MOST_IN_PIECES = 1 << 16;

    // an encoding takes this many bytes besides its tokens, divided by a token's
    private static final int TOKENS_A_PIECE = 8;

    // characters that are tokenised at once
    private static final int PIECE = 1 << 16;

    private final CancellableTokenizer tokenizer;
    private final int limit;
    private final int special;
    private final boolean odd;
    private final int margin;
    private final @Nullable String kept;
    private final Progress progress;

    /**
     * Creates a cut for a tokenizer and a limit.
     *
     * @param tokenizer tokenizer without a limit
     * @param limit the maximum number of tokens that are kept of a row
     * @param special the number of tokens of the limit that are not of the texts, such as special tokens
     * @param kept the text of a token that must not be cut off; null for none
     * @param margin characters between the last token that counts and the cut, such as {@link #MARGIN}
     */
    TextTruncation(
            CancellableTokenizer tokenizer,
            int limit,
            int special,
            @Nullable String kept,
            int margin,
            Progress progress) {
        this.tokenizer = tokenizer;
        this.limit = limit;
        this.special = special;
        this.odd = kept != null || (limit - special) % 2 == 1; // a row with an image has another limit
        this.kept = kept;
        this.margin = margin;
        this.progress = progress;
    }

    /**
     * Returns a beginning of a text that begins with the same tokens and has more tokens than the limit; or the whole
     * text.
     */
    String cut(String text) {
        return beginning(text, limit).text;
    }

    /**
     * Cuts each text of a pair as {@link #cut(String)} does. HuggingFace's {@code longest_first} keeps equally many
     * tokens of two long texts. If the total is odd, it keeps one more token of the longer text; so the text that is
     * longer must also have more tokens after the cut.
     *
     * @return two texts
     */
    String[] cut(String first, String second) {
        Beginning one = beginning(first, limit);
        Beginning other = beginning(second, limit);
        if (!odd || (one.whole && other.whole)) {
            return fewPieces(one.text, other.text);
        }
        boolean firstIsLonger = one.whole
                ? one.tokens() > tokensAtLeast(second, other, one.tokens())
                : other.whole
                        ? tokensAtLeast(first, one, other.tokens() + 1L) > other.tokens()
                        : tokens(first) > tokens(second);
        while ((one.tokens() > other.tokens()) != firstIsLonger && !(firstIsLonger ? one : other).whole) {
            if (firstIsLonger) {
                one = beginning(first, grown(one));
            } else {
                other = beginning(second, grown(other));
            }
        }
        return fewPieces(one.text, other.text);
    }

    /**
     * Returns an upper estimate of the tokens of all encodings that the native library creates of a row: one for each
     * piece that it cuts off a text, and one for each combination of a piece of the first text and a piece of the
     * second. Each of them has special tokens too.
     *
     * @param texts one text or two
     */
    long tokensInPieces(String... texts) {
        int room = Math.max(1, (limit - special) / texts.length);
        long pieces = 1;
        for (String text : texts) {
            // a tokenizer of bytes makes one token of each byte at most
            pieces *= 1 + text.getBytes(StandardCharsets.UTF_8).length / room;
        }
        return pieces * (limit + TOKENS_A_PIECE);
    }

    /**
     * Returns beginnings of a pair that give the same row with fewer pieces (see {@link #tokensInPieces}). For two
     * texts of 6,000 tokens and a limit of 128 the pieces of one row take 150 MB, and for a limit of five some GB.
     */
    private String[] fewPieces(String first, String second) {
        String[] pair = {first, second};
        if (tokensInPieces(pair) <= MOST_IN_PIECES) {
            return pair;
        }
        Encoding[] whole = {encode(first), encode(second)};
        int[] tokens = {whole[0].getIds().length, whole[1].getIds().length};
        // of a text with more tokens than the limit, only the first tokens matter, and which text is the longer one
        boolean firstIsLonger = tokens[0] > tokens[1];
        for (int count = 2 * limit; count < Math.max(tokens[0], tokens[1]); count *= 2) {
            String one = sameTokens(first, whole[0], firstIsLonger ? 2 * count : count);
            String other = sameTokens(second, whole[1], firstIsLonger ? count : 2 * count);
            if (encode(one).getIds().length > encode(other).getIds().length == firstIsLonger) {
                return new String[] {one, other};
            }
        }
        return pair;
    }

    /**
     * Returns a beginning of a text with about {@code count} tokens if its first tokens are those of the text and more
     * than the limit, and no token that must be kept follows; otherwise the whole text.
     */
    private String sameTokens(String text, Encoding whole, int count) {
        long[] ids = whole.getIds();
        if (count >= ids.length) {
            return text;
        }
        String beginning = text.substring(0, text.offsetByCodePoints(0, whole.getCharTokenSpans()[count - 1].getEnd()));
        long[] found = encode(beginning).getIds();
        boolean same = found.length > limit && Arrays.equals(ids, 0, limit + 1, found, 0, limit + 1);
        return same && !isKeptAfter(text, beginning.length()) ? beginning : text;
    }

    private static int grown(Beginning beginning) {
        return Math.multiplyExact(beginning.tokens(), 2);
    }

    /** Returns the number of tokens of a text, or a smaller number that is at least {@code enough}. */
    private long tokensAtLeast(String text, Beginning beginning, long enough) {
        return beginning.stable >= enough ? beginning.stable : tokens(text);
    }

    /**
     * Returns the number of tokens of a text. The text is tokenised in overlapping pieces, one after another, so that
     * each token is counted in its context.
     */
    private long tokens(String text) {
        long tokens = 0;
        for (int start = 0; start < text.length(); start += PIECE) {
            progress.check();
            int end = Math.min(text.length(), start + PIECE);
            int from = whole(text, Math.max(0, start - margin));
            int to = whole(text, Math.min(text.length(), end + margin));
            String piece = text.substring(from, to);
            int first = piece.codePointCount(0, start - from);
            int last = first + piece.codePointCount(start - from, end - from);
            tokens += Arrays.stream(encode(piece).getCharTokenSpans())
                    .filter(span -> span != null && span.getStart() >= first && span.getStart() < last)
                    .count();
        }
        return tokens;
    }

    private Beginning beginning(String text, int tokens) {
        long length = length(tokens);
        while (GROWTH * length < text.length() && !isKeptAfter(text, (int) length)) {
            progress.check();
            Beginning found = found(text, whole(text, (int) length), tokens);
            if (found != null) {
                return found;
            }
            length *= GROWTH;
        }
        return new Beginning(text, true, null, 0);
    }

    private long length(int tokens) {
        return margin + (long) CHARACTERS_A_TOKEN * tokens;
    }

    private boolean isKeptAfter(String text, int end) {
        return kept != null && text.indexOf(kept, Math.max(0, end - kept.length())) >= 0;
    }

    /**
     * Returns the beginning that ends at {@code end}; null if its first tokens are too few, or may depend on the text
     * that follows.
     */
    private @Nullable Beginning found(String text, int end, int tokens) {
        int last = end - margin;
        if (blank(text, last, end)) {
            return null; // a token after the blanks may include them
        }
        // if no blanks separate words, cuts at several positions must give the same tokens, as for digits in groups of
        // three
        String beginning = text.substring(0, end);
        Encoding encoding = encode(beginning);
        int stable = stable(encoding, beginning.codePointCount(0, last));
        if (stable <= tokens) {
            return null;
        }
        long[] ids = encoding.getIds();
        for (int other : new int[] {end - 1, end - 2, end - margin / 2}) {
            long[] otherIds = encode(text.substring(0, whole(text, other))).getIds();
            if (Arrays.mismatch(ids, 0, stable, otherIds, 0, Math.min(stable, otherIds.length)) >= 0) {
                return null;
            }
        }
        return new Beginning(beginning, false, ids, stable);
    }

    private static boolean blank(String text, int start, int end) {
        return text.substring(start, end).isBlank();
    }

    /** Returns the number of tokens that end before a code point. */
    private static int stable(Encoding encoding, int end) {
        int stable = 0;
        for (CharSpan span : encoding.getCharTokenSpans()) {
            if (span == null || span.getEnd() > end) {
                break;
            }
            stable++;
        }
        return stable;
    }

    /** Tokenises a text without special tokens. */
    private Encoding encode(String text) {
        return tokenizer.encode(new String[] {text}, false, progress);
    }

    /** Returns the position, or the one before if the position would split a surrogate pair. */
    private static int whole(String text, int place) {
        boolean within = place > 0
                && place < text.length()
                && Character.isLowSurrogate(text.charAt(place))
                && Character.isHighSurrogate(text.charAt(place - 1));
        return within ? place - 1 : place;
    }

    /** Beginning of a text with its tokens, which are computed on demand. */
    private final class Beginning {

        private final String text;
        private final boolean whole;
        private final int stable;
        private long @Nullable [] ids;

        Beginning(String text, boolean whole, long @Nullable [] ids, int stable) {
            this.text = text;
            this.whole = whole;
            this.ids = ids;
            this.stable = stable;
        }

        int tokens() {
            if (ids == null) {
                ids = encode(text).getIds();
            }
            return ids.length;
        }
    }
}
