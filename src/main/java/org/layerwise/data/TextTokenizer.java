package org.layerwise.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * A model's own tokenizer, from its {@code tokenizer.json} (HuggingFace's fast tokenizers). Padding and truncation that the
 * file asks for are overridden. Never reads the network.
 */
public final class TextTokenizer implements AutoCloseable {

    private static final int ROWS_A_CHUNK = 1000;

    private final TokenizerFile file;
    private final CancellableTokenizer unlimited;

    private TextTokenizer(TokenizerFile file) {
        this.file = file;
        this.unlimited = new CancellableTokenizer(file, null);
    }

    /**
     * Reads a tokenizer as it stands in a file that is trusted: one that the native library does not expect may end the process.
     *
     * @throws UserException if the file is missing or is no tokenizer
     */
    public static TextTokenizer openTrusted(Path tokenizerJson) {
        return new TextTokenizer(TokenizerFile.read(tokenizerJson, null));
    }

    /** Opens a tokenizer with the special tokens that the files beside it ask for. */
    static TextTokenizer openTrusted(Path tokenizerJson, SpecialTokens specialTokens) {
        return new TextTokenizer(TokenizerFile.read(tokenizerJson, specialTokens));
    }

    /**
     * Reads a tokenizer from wherever it came, and lets it add the special tokens that the files beside it ask for.
     *
     * @throws UserException if the file is missing, is no tokenizer, or did not stand its trial
     * @throws org.layerwise.base.CancelledException if the progress was cancelled during the trial
     */
    public static TextTokenizer open(
            Path tokenizerJson, SpecialTokens specialTokens, TokenizerCheck check, Progress progress) {
        TokenizerFile file = TokenizerFile.read(tokenizerJson, specialTokens);
        check.require(file, progress);
        return new TextTokenizer(file);
    }

    /** How many tokens the tokenizer adds to one text, or to a pair ({@code [CLS]}, {@code [SEP]} and their like). */
    public int specialTokens(boolean pair) {
        String[] empty = pair ? new String[] {"", ""} : new String[] {""};
        return unlimited.encode(empty, true, Progress.none()).getIds().length;
    }

    /** As {@link #encode(Dataset, int, int, EncodingRules, Progress)} with {@link EncodingRules#TEXT}. */
    public TokenizedDataset encode(Dataset data, int maxLength, int maxPositions, Progress progress) {
        return encode(data, maxLength, maxPositions, EncodingRules.TEXT, progress);
    }

    /**
     * Tokenises all rows of text. Longer ones are cut to the shorter of the two limits: their special tokens stay, and of a
     * pair the longer text is cut first (HuggingFace's {@code longest_first}). An image token is repeated for all patches of
     * the row's image, and none of these is ever cut.
     *
     * @param maxLength the most tokens a row, special tokens included
     * @param maxPositions the longest row that the model can take
     * @throws UserException if the limit leaves no room for text, a row has no tokens at all, or its image tokens are not those
     *     of its image or do not fit
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    public TokenizedDataset encode(
            Dataset data, int maxLength, int maxPositions, EncodingRules rules, Progress progress) {
        if (data.pretokenized()) {
            throw new IllegalArgumentException(data.location() + " is tokenised already");
        }
        int limit = Math.min(maxLength, maxPositions);
        int special = rules.specialTokens() ? specialTokens(data.paired()) : 0;
        if (limit <= special) {
            throw new UserException(
                    "A length of %s leaves no room for text beside the %s of this tokenizer; raise max-length."
                            .formatted(Shown.count(limit, "token"), Shown.count(special, "special token")));
        }
        RowImages images = RowImages.of(data, rules.images());
        List<LabelledRow> rows = new ArrayList<>(data.size());
        try (RowLimit limited = new RowLimit(file, unlimited, data, limit, special, rules)) {
            for (int start = 0; start < data.size(); start += ROWS_A_CHUNK) {
                progress.check();
                int end = Math.min(data.size(), start + ROWS_A_CHUNK);
                rows.addAll(limited.rows(start, end, progress));
                progress.report((double) end / data.size(), "Tokenised %s of %s rows".formatted(end, data.size()));
            }
            return new TokenizedDataset(
                    data.name(),
                    rows.stream().map(LabelledRow::tokens).toList(),
                    rules.learned() == null ? data.labels() : tokenLabels(rows),
                    limited.cutRows(),
                    limit,
                    images);
        }
    }

    /** The text of tokens, special ones left out; bytes that make no character are U+FFFD. */
    public String decode(long[] ids) {
        return unlimited.decode(ids, true);
    }

    /** The id of a special token that a text is the whole of; empty where it is none. */
    public OptionalLong specialToken(String text) {
        long[] ids =
                unlimited.encode(new String[] {text}, false, Progress.none()).getIds();
        boolean special = ids.length == 1 && decode(ids).isEmpty() && !text.isEmpty();
        return special ? OptionalLong.of(ids[0]) : OptionalLong.empty();
    }

    private static Labels tokenLabels(List<LabelledRow> rows) {
        return new Labels.TokenLabels(rows.stream().map(LabelledRow::labels).toArray(long[][]::new));
    }

    @Override
    public void close() {
        unlimited.close();
    }
}
