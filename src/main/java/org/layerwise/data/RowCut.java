package org.layerwise.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;

/**
 * Cuts long texts before they are tokenised, so that the tokens that a limit keeps stay the same: a tokenizer takes some
 * hundred bytes a character, and cannot be interrupted.
 *
 * <p>A tokenizer decides by what surrounds a place: a word, a run of digits or of blanks. So a text is cut far behind the last
 * token that is kept, with blanks between other characters on the way; and the tokens are compared with those of shorter
 * beginnings. Where they differ, or there are not enough of them, a longer beginning is tried, in the end the whole text.
 */
final class RowCut {

    /** Characters between the last token that counts and the cut: far more than a tokenizer looks ahead. */
    static final int MARGIN = 1 << 14;

    private static final int CHARACTERS_A_TOKEN = 16;

    // a cut must leave out this part of a text at least, since four beginnings are looked at
    private static final int GROWTH = 4;

    // characters of one text times those of the other, for each token of the limit
    private static final double MOST_IN_PIECES = 1 << 18;

    // characters that are counted at once
    private static final int PIECE = 1 << 16;

    private final CancellableTokenizer tokenizer;
    private final int limit;
    private final boolean odd;
    private final int margin;
    private final @Nullable String kept;
    private final Progress progress;

    /**
     * @param tokenizer that does not cut
     * @param limit the most tokens that are kept of a row
     * @param special how many of them are special tokens
     * @param kept the text of a token of which none may be cut off; null for none
     * @param margin characters between the last token that counts and the cut, such as {@link #MARGIN}
     */
    RowCut(
            CancellableTokenizer tokenizer,
            int limit,
            int special,
            @Nullable String kept,
            int margin,
            Progress progress) {
        this.tokenizer = tokenizer;
        this.limit = limit;
        this.odd = kept != null || (limit - special) % 2 == 1; // beside an image there is another limit
        this.kept = kept;
        this.margin = margin;
        this.progress = progress;
    }

    /** A beginning of a text that begins with the same tokens, more of them than the limit; or the text. */
    String cut(String text) {
        return beginning(text, limit).text;
    }

    /**
     * A pair of texts, each cut as by {@link #cut(String)}. Of two long texts HuggingFace's {@code longest_first} keeps equally
     * many tokens; if the number of all is odd, one more of the longer text, so which one that is stays as it was.
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
     * Beginnings of a pair that give the same row. The native library makes an encoding of each piece that it cuts off one text
     * with each of the other's, all with as many tokens as the limit: of two texts of 12,000 characters at a limit of five, some
     * GB.
     */
    private String[] fewPieces(String first, String second) {
        String[] pair = {first, second};
        if ((double) first.length() * second.length() / limit <= MOST_IN_PIECES) {
            return pair;
        }
        Encoding[] whole = {encode(first), encode(second)};
        int[] tokens = {whole[0].getIds().length, whole[1].getIds().length};
        if (tokens[0] <= limit || tokens[1] <= limit) {
            return pair;
        }
        // of more than the limit each, only which one is longer counts
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

    /** The beginning of a text with about so many tokens, if it begins with the same tokens, more of them than the limit; else the text. */
    private String sameTokens(String text, Encoding whole, int count) {
        long[] ids = whole.getIds();
        if (count >= ids.length) {
            return text;
        }
        String beginning = text.substring(0, text.offsetByCodePoints(0, whole.getCharTokenSpans()[count - 1].getEnd()));
        long[] found = encode(beginning).getIds();
        boolean same = found.length > limit && Arrays.equals(ids, 0, limit + 1, found, 0, limit + 1);
        return same ? beginning : text;
    }

    private static int grown(Beginning beginning) {
        return Math.multiplyExact(beginning.tokens(), 2);
    }

    /** The number of tokens of a text, or a smaller one that is not below {@code enough}. */
    private long tokensAtLeast(String text, Beginning beginning, long enough) {
        return beginning.stable >= enough ? beginning.stable : tokens(text);
    }

    /** The number of tokens of a text, whose pieces are tokenised one after another with what surrounds them. */
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
        while (GROWTH * length < text.length() && !keptBehind(text, (int) length)) {
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

    private boolean keptBehind(String text, int end) {
        return kept != null && text.indexOf(kept, Math.max(0, end - kept.length())) >= 0;
    }

    /** The beginning that ends here; null if its first tokens are too few, or may depend on what follows. */
    private @Nullable Beginning found(String text, int end, int tokens) {
        int last = end - margin;
        if (blank(text, last, end)) {
            return null; // a token behind the blanks may take them in
        }
        // where nothing parts words, cuts at several places make sure that none matters, as of digits in groups of
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

    /** The number of tokens that end before a code point. */
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

    /** Without special tokens. */
    private Encoding encode(String text) {
        return tokenizer.encode(new String[] {text}, false, progress);
    }

    /** A place that does not part the two halves of a character. */
    private static int whole(String text, int place) {
        boolean within = place > 0
                && place < text.length()
                && Character.isLowSurrogate(text.charAt(place))
                && Character.isHighSurrogate(text.charAt(place - 1));
        return within ? place - 1 : place;
    }

    /** The beginning of a text, and its tokens as far as they were counted. */
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
