package org.layerwise.data.token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;

/**
 * Tokenizer of a model, from its {@code tokenizer.json} (HuggingFace's fast tokenizers). Overrides the padding and
 * truncation in the file. Never reads the network.
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
     * Opens a tokenizer unchanged from a trusted file. The native library may end the process if the content of the
     * file is unexpected.
     *
     * @throws UserException if the file is missing or is no tokenizer
     */
    public static TextTokenizer openTrusted(Path tokenizerJson) {
        return new TextTokenizer(TokenizerFile.read(tokenizerJson, null));
    }

    /** Opens a tokenizer of a trusted file with the special tokens that the other files of its folder specify. */
    static TextTokenizer openTrusted(Path tokenizerJson, SpecialTokens specialTokens) {
        return new TextTokenizer(TokenizerFile.read(tokenizerJson, specialTokens));
    }

    /**
     * Opens a tokenizer of any source after a trial, with the special tokens that the other files of its folder
     * specify.
     *
     * @throws UserException if the file is missing, is no tokenizer, or failed its trial
     * @throws org.layerwise.base.CancelledException if the progress was cancelled during the trial
     */
    public static TextTokenizer open(
            Path tokenizerJson, SpecialTokens specialTokens, TokenizerCheck check, Progress progress) {
        TokenizerFile file = TokenizerFile.read(tokenizerJson, specialTokens);
        check.require(file, progress);
        return new TextTokenizer(file);
    }

    /**
     * Returns the number of tokens that the tokenizer adds to one text, or to a pair, such as {@code [CLS]} and
     * {@code [SEP]}.
     */
    public int specialTokens(boolean pair) {
        String[] empty = pair ? new String[] {"", ""} : new String[] {""};
        return unlimited.encode(empty, true, Progress.none()).getIds().length;
    }

    /** Encodes as {@link #encode(Dataset, int, int, EncodingRules, Progress)} with {@link EncodingRules#TEXT}. */
    public TokenizedDataset encode(Dataset data, int maxLength, int maxPositions, Progress progress) {
        return encode(data, maxLength, maxPositions, EncodingRules.TEXT, progress);
    }

    /**
     * Tokenises all rows of text. Longer rows are truncated to the smaller of the two limits: their special tokens
     * stay, and the longer text of a pair is truncated first (HuggingFace's {@code longest_first}). An image token is
     * repeated for all patches of the row's image, and none of these is ever cut off.
     *
     * @param maxLength the maximum number of tokens per row, special tokens included
     * @param maxPositions the length of the longest row that the model can take, in tokens
     * @throws UserException if the limit leaves no room for text, a row has no tokens at all, or its image tokens do
     *     not match its image or do not fit
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
                            .formatted(Excerpt.count(limit, "token"), Excerpt.count(special, "special token")));
        }
        RowImages images = RowImages.of(data, rules.images());
        List<LabelledRow> rows = new ArrayList<>(data.size());
        try (TruncatingEncoder limited = new TruncatingEncoder(file, unlimited, data, limit, special, rules)) {
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

    /** Returns the text of tokens without special tokens; bytes that form no character become U+FFFD. */
    public String decode(long[] ids) {
        return unlimited.decode(ids, true);
    }

    /** Returns the id of the special token whose text is the whole given text; empty if there is none. */
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
