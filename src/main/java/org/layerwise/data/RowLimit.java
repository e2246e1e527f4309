package org.layerwise.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Tokenises the rows of one dataset so that none has more tokens than a limit, with all patches of its image. */
final class RowLimit implements AutoCloseable {

    private final TokenizerFile file;
    private final HuggingFaceTokenizer unlimited;
    private final Dataset data;
    private final int limit;
    private final int special;
    private final EncodingRules rules;
    private final @Nullable ImageTokens images;
    private @Nullable HuggingFaceTokenizer limited;
    private @Nullable HuggingFaceTokenizer limitedBesideImage;
    private int cutRows;

    /** @param special how many special tokens a row gets */
    RowLimit(
            TokenizerFile file,
            HuggingFaceTokenizer unlimited,
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

    /** How many rows lost tokens so far. */
    int cutRows() {
        return cutRows;
    }

    List<LabelledRow> rows(int start, int end) {
        boolean plain = images == null && !rules.truncatesLeft();
        Encoding[] encodings =
                TextTokenizer.encode(plain ? limited() : unlimited, data, start, end, rules.specialTokens());
        List<LabelledRow> rows = new ArrayList<>(encodings.length);
        for (Encoding encoding : encodings) {
            int row = start + rows.size();
            LabelledRow found = row(encoding, row);
            if (plain) {
                cutRows += encoding.exceedMaxLength() ? 1 : 0;
                rows.add(found);
            } else {
                rows.add(fitted(found, row));
            }
        }
        return rows;
    }

    private LabelledRow fitted(LabelledRow whole, int row) {
        LabelledRow expanded = expanded(whole, row);
        if (expanded.tokens().length() <= limit) {
            return expanded;
        }
        if (rules.truncatesLeft()) {
            throw new UserException(
                    "%s has %s, more than %s, and the model's tokenizer_config.json asks to cut on the left, which is not known; raise max-length or shorten the row."
                            .formatted(
                                    data.places().at(row),
                                    Shown.count(expanded.tokens().length(), "token"),
                                    limit));
        }
        cutRows++;
        boolean alone = expanded.tokens().length() > whole.tokens().length();
        HuggingFaceTokenizer tokenizer = alone ? limitedBesideImage(row) : limited();
        LabelledRow cut = row(TextTokenizer.encode(tokenizer, data, row, row + 1, rules.specialTokens())[0], row);
        if (images != null && images.in(cut.tokens()) != images.in(whole.tokens())) {
            throw new UserException(
                    "The %s of the image in %s do not fit into %s beside the text before them; raise max-length."
                            .formatted(
                                    Shown.count(images.count(), "token"),
                                    data.place(row),
                                    Shown.count(limit, "token")));
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
        return new LabelledRow(
                tokens,
                rules.learned() == null
                        ? null
                        : labels(encoding, rules.learned().get(row), row));
    }

    /** A token of which a character is to be learned is a label; what the tokenizer added never is. */
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
        long[] typeIds = encoding.getTypeIds();
        for (long typeId : typeIds) {
            if (typeId != 0) {
                return new TokenRow(ids, typeIds);
            }
        }
        return new TokenRow(ids, null);
    }

    private HuggingFaceTokenizer limited() {
        if (limited == null) {
            limited = file.load(limit);
        }
        return limited;
    }

    private HuggingFaceTokenizer limitedBesideImage(int row) {
        if (limitedBesideImage == null) {
            int patches = images == null ? 1 : images.count();
            int left = limit - (patches - 1);
            if (left <= special) {
                throw new UserException(
                        "A length of %s leaves no room for text beside the %s of the image in %s; raise max-length."
                                .formatted(
                                        Shown.count(limit, "token"), Shown.count(patches, "token"), data.place(row)));
            }
            limitedBesideImage = file.load(left);
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
