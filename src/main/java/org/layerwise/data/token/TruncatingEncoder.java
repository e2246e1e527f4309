package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

/** Tokenises the rows of a dataset so that no row has more tokens than a limit, including all patches of its image. */
final class TruncatingEncoder implements AutoCloseable {

    private static final int CHARACTERS_AT_ONCE = 1 << 20;

    // tokens of all pieces, about 30 MB; see TextTruncation.tokensInPieces
    private static final long PIECES_AT_ONCE = 1 << 18;

    private final TokenizerFile file;
    private final CancellableTokenizer unlimited;
    private final Dataset data;
    private final int limit;
    private final int special;
    private final EncodingRules rules;
    private final @Nullable ImageTokens images;
    private @Nullable CancellableTokenizer limited;
    private @Nullable CancellableTokenizer limitedBesideImage;
    private int cutRows;

    /**
     * Creates a tokenizer of rows with a limit.
     *
     * @param special number of special tokens per row
     */
    TruncatingEncoder(
            TokenizerFile file,
            CancellableTokenizer unlimited,
            Dataset data,
            int limit,
            int special,
            EncodingRules rules) {
        this.file = file;
        this.unlimited = unlimited;
        this.data = data;
        this.limit = limit;
        this.special = special;
        this.rules = rules;
        this.images = rules.images() == null ? null : rules.images().tokens();
    }

    /** Returns the number of rows that have lost tokens so far. */
    int cutRows() {
        return cutRows;
    }

    /** Tokenises the rows {@code start} to {@code end - 1}; long texts are shortened before, see {@link TextTruncation}. */
    List<LabelledRow> rows(int start, int end, Progress progress) {
        boolean plain = images == null && !rules.truncatesLeft();
        TextTruncation cut = cut(progress);
        List<LabelledRow> rows = new ArrayList<>(end - start);
        for (int row = start; row < end; ) {
            List<String[]> texts = texts(row, end, cut);
            progress.check();
            CancellableTokenizer tokenizer = plain ? limited() : unlimited;
            Encoding[] encodings = tokenizer.encode(texts, rules.specialTokens(), progress);
            for (int i = 0; i < encodings.length; i++, row++) {
                LabelledRow found = row(encodings[i], row);
                if (plain) {
                    cutRows += encodings[i].exceedMaxLength() ? 1 : 0;
                    rows.add(found);
                } else {
                    rows.add(fitted(found, row, texts.get(i), progress));
                }
            }
        }
        return rows;
    }

    private TextTruncation cut(Progress progress) {
        if (images == null) {
            return new TextTruncation(unlimited, limit, special, null, TextTruncation.MARGIN, progress);
        }
        int taken = special + Math.max(0, images.count() - 1);
        return new TextTruncation(unlimited, limit, taken, imageText(images), TextTruncation.MARGIN, progress);
    }

    /**
     * Returns the text, or the two texts, of a number of rows that a tokenizer processes in a short time and with
     * little memory; at least one row.
     */
    private List<String[]> texts(int start, int end, TextTruncation cut) {
        List<String> seconds = data.secondTexts();
        List<String[]> texts = new ArrayList<>();
        int characters = 0;
        long pieces = 0;
        for (int row = start; row < end && characters < CHARACTERS_AT_ONCE && pieces < PIECES_AT_ONCE; row++) {
            String first = data.texts().get(row);
            String[] ofRow = seconds == null ? new String[] {cut.cut(first)} : cut.cut(first, seconds.get(row));
            texts.add(ofRow);
            for (String text : ofRow) {
                characters += text.length();
            }
            pieces += cut.tokensInPieces(ofRow);
        }
        return texts;
    }

    private String imageText(ImageTokens tokens) {
        return unlimited.decode(new long[] {tokens.tokenId()}, false).strip();
    }

    private LabelledRow fitted(LabelledRow whole, int row, String[] texts, Progress progress) {
        LabelledRow expanded = expanded(whole, row);
        if (expanded.tokens().length() <= limit) {
            return expanded;
        }
        if (rules.truncatesLeft()) {
            throw new UserException(
                    "%s has more than %s, and the model's tokenizer asks to cut on the left (truncation_side in tokenizer_config.json, else truncation in tokenizer.json), which is not supported; raise max-length or shorten the row."
                            .formatted(data.places().at(row), Excerpt.count(limit, "token")));
        }
        cutRows++;
        boolean alone = expanded.tokens().length() > whole.tokens().length();
        CancellableTokenizer tokenizer = alone ? limitedBesideImage(row) : limited();
        LabelledRow cut = row(tokenizer.encode(texts, rules.specialTokens(), progress), row);
        if (images != null && images.in(cut.tokens()) != images.in(whole.tokens())) {
            throw new UserException(
                    "The %s of the image in %s do not fit into %s beside the text before them; raise max-length."
                            .formatted(
                                    Excerpt.count(images.count(), "token"),
                                    data.place(row),
                                    Excerpt.count(limit, "token")));
        }
        return expanded(cut, row);
    }

    private LabelledRow expanded(LabelledRow row, int index) {
        if (images == null) {
            return row;
        }
        TokenRow tokens = row.tokens();
        if (data.images() == null) {
            images.requireNone(tokens, data.place(index));
            return row;
        }
        return new LabelledRow(
                images.expand(tokens, data.place(index)),
                row.labels() == null ? null : images.expandLabels(row.labels(), tokens));
    }

    private LabelledRow row(Encoding encoding, int row) {
        TokenRow tokens = tokens(encoding, row);
        return new LabelledRow(tokens, rules.learned() == null ? null : labels(encoding, rules.learned(), row));
    }

    private long[] labels(Encoding encoding, LearnedTokens learned, int row) {
        if (learned instanceof LearnedTokens.InParts parts) {
            return labels(encoding, parts.byRow().get(row), row);
        }
        long[] labels = encoding.getIds();
        if (encoding.getCharTokenSpans()[0] == null) {
            // no token precedes this token and could predict it; runs of earlier versions identify their rows by this
            // label
            labels[0] = Labels.IGNORED;
        }
        return labels;
    }

    private long[] labels(Encoding encoding, List<TextSpan> learned, int row) {
        String text = data.texts().get(row);
        List<TextSpan> parts =
                learned.stream().map(part -> part.inCodePoints(text)).toList();
        long[] labels = encoding.getIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        for (int token = 0; token < labels.length; token++) {
            CharSpan span = spans[token];
            boolean counts =
                    span != null && parts.stream().anyMatch(part -> part.touches(span.getStart(), span.getEnd()));
            if (!counts) {
                labels[token] = Labels.IGNORED;
            }
        }
        return labels;
    }

    private TokenRow tokens(Encoding encoding, int row) {
        long[] ids = encoding.getIds();
        if (ids.length == 0) {
            throw new UserException("%s has no tokens: its text is empty."
                    .formatted(data.places().at(row)));
        }
        int length = endsWithDropped(encoding) ? ids.length - 1 : ids.length;
        ids = Arrays.copyOf(ids, length);
        long[] typeIds = Arrays.copyOf(encoding.getTypeIds(), length);
        for (long typeId : typeIds) {
            if (typeId != 0) {
                return new TokenRow(ids, typeIds);
            }
        }
        return new TokenRow(ids, null);
    }

    /** Returns true if the tokenizer, not the text, has put the token to drop at the end, and it is not the only one. */
    private boolean endsWithDropped(Encoding encoding) {
        long[] ids = encoding.getIds();
        int last = ids.length - 1;
        Long dropped = rules.droppedEnd();
        return dropped != null && last > 0 && ids[last] == dropped && encoding.getSpecialTokenMask()[last] == 1;
    }

    private CancellableTokenizer limited() {
        if (limited == null) {
            limited = new CancellableTokenizer(file, limit);
        }
        return limited;
    }

    private CancellableTokenizer limitedBesideImage(int row) {
        if (limitedBesideImage == null) {
            int patches = images == null ? 1 : images.count();
            int left = limit - (patches - 1);
            if (left <= special) {
                throw new UserException(
                        "A length of %s leaves no room for text beside the %s of the image in %s; raise max-length."
                                .formatted(
                                        Excerpt.count(limit, "token"),
                                        Excerpt.count(patches, "token"),
                                        data.place(row)));
            }
            limitedBesideImage = new CancellableTokenizer(file, left);
        }
        return limitedBesideImage;
    }

    @Override
    public void close() {
        if (limited != null) {
            limited.close();
        }
        if (limitedBesideImage != null) {
            limitedBesideImage.close();
        }
    }
}
