package org.layerwise.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * A model's own tokenizer, from its {@code tokenizer.json} (HuggingFace's fast tokenizers). Padding and truncation that the
 * file asks for are overridden. Reads nothing but that file, and never the network.
 */
public final class TextTokenizer implements AutoCloseable {

    private static final int ROWS_A_CHUNK = 1000;

    private final Path file;
    private final HuggingFaceTokenizer unlimited;

    private TextTokenizer(Path file, HuggingFaceTokenizer unlimited) {
        this.file = file;
        this.unlimited = unlimited;
    }

    /**
     * Reads a tokenizer.
     *
     * @throws UserException if the file is missing or is no tokenizer
     */
    public static TextTokenizer open(Path tokenizerJson) {
        if (!Files.isRegularFile(tokenizerJson)) {
            throw new UserException(
                    "There is no tokenizer %s, so text cannot be tokenised; put the model's tokenizer.json there or use data with input_ids."
                            .formatted(tokenizerJson));
        }
        // without this, DJL reports its start to a server; whoever asked for something else by -D keeps it
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        return new TextTokenizer(tokenizerJson, load(tokenizerJson, null));
    }

    /** How many tokens the tokenizer adds to one text, or to a pair ({@code [CLS]}, {@code [SEP]} and their like). */
    public int specialTokens(boolean pair) {
        Encoding empty = pair ? unlimited.encode("", "", true, false) : unlimited.encode("", true, false);
        return empty.getIds().length;
    }

    /**
     * Tokenises all rows of text. Longer ones are cut to the shorter of the two limits: their special tokens stay, and of a
     * pair the longer text is cut first (HuggingFace's {@code longest_first}).
     *
     * @param maxLength the most tokens a row, special tokens included
     * @param maxPositions the longest row that the model can take
     * @throws UserException if the limit leaves no room for text, or a row has no tokens at all
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    public TokenizedDataset encode(Dataset data, int maxLength, int maxPositions, Progress progress) {
        if (data.pretokenized()) {
            throw new IllegalArgumentException(data.location() + " is tokenised already");
        }
        int limit = Math.min(maxLength, maxPositions);
        int special = specialTokens(data.paired());
        if (limit <= special) {
            throw new UserException(
                    "A length of %s leaves no room for text beside the %s of this tokenizer; raise max-length."
                            .formatted(Shown.count(limit, "token"), Shown.count(special, "special token")));
        }
        List<TokenRow> rows = new ArrayList<>(data.size());
        int cut = 0;
        try (HuggingFaceTokenizer limited = load(file, limit)) {
            for (int start = 0; start < data.size(); start += ROWS_A_CHUNK) {
                progress.check();
                int end = Math.min(data.size(), start + ROWS_A_CHUNK);
                for (Encoding encoding : encode(limited, data, start, end)) {
                    rows.add(row(encoding, data.location(), rows.size()));
                    cut += encoding.exceedMaxLength() ? 1 : 0;
                }
                progress.report((double) end / data.size(), "Tokenised %d of %d rows".formatted(end, data.size()));
            }
        }
        return new TokenizedDataset(data.name(), rows, data.labels(), cut, limit);
    }

    private static Encoding[] encode(HuggingFaceTokenizer tokenizer, Dataset data, int start, int end) {
        List<String> texts = data.texts().subList(start, end);
        List<String> seconds = data.secondTexts();
        return seconds == null
                ? tokenizer.batchEncode(texts, true, false)
                : tokenizer.batchEncode(new PairList<>(texts, seconds.subList(start, end)), true, false);
    }

    private static TokenRow row(Encoding encoding, String location, int row) {
        long[] ids = encoding.getIds();
        if (ids.length == 0) {
            throw new UserException("Row %d of %s has no tokens: its text is empty.".formatted(row + 1, location));
        }
        long[] typeIds = encoding.getTypeIds();
        for (long typeId : typeIds) {
            if (typeId != 0) {
                return new TokenRow(ids, typeIds);
            }
        }
        return new TokenRow(ids, null);
    }

    private static HuggingFaceTokenizer load(Path file, @Nullable Integer limit) {
        // DJL cuts at 512 tokens unless it is told that the model takes more
        HuggingFaceTokenizer.Builder builder = limit == null
                ? HuggingFaceTokenizer.builder().optTruncation(false)
                : HuggingFaceTokenizer.builder(Map.of("modelMaxLength", limit.toString()))
                        .optTruncation(true)
                        .optMaxLength(limit);
        try {
            return builder.optTokenizerPath(file).optPadding(false).build();
        } catch (IOException | RuntimeException e) {
            // the native library throws plain runtime exceptions for whatever is wrong with the file
            throw new UserException(
                    "%s is not a tokenizer that can be read: %s.".formatted(file, String.valueOf(e.getMessage())), e);
        }
    }

    @Override
    public void close() {
        unlimited.close();
    }
}
