package org.layerwise.data.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

/**
 * Rows of token ids, ready to be batched, in the order of the data.
 *
 * @param name short name of the data
 * @param rows the tokens of each row, special tokens included
 * @param labels one label per row, or none
 * @param cutRows number of rows that were longer than {@code maxLength} and lost tokens
 * @param maxLength the maximum number of tokens of a row
 * @param images one image per row; null if there are no images
 */
public record TokenizedDataset(
        String name, List<TokenRow> rows, Labels labels, int cutRows, int maxLength, @Nullable RowImages images) {

    public TokenizedDataset {
        rows = List.copyOf(rows);
        if (!(labels instanceof Labels.None) && labels.size() != rows.size()) {
            throw new IllegalArgumentException("rows and labels must be as many");
        }
        if (images != null && images.sources().size() != rows.size()) {
            throw new IllegalArgumentException("rows and images must be as many");
        }
    }

    /** Creates rows without images. */
    public TokenizedDataset(String name, List<TokenRow> rows, Labels labels, int cutRows, int maxLength) {
        this(name, rows, labels, cutRows, maxLength, null);
    }

    /**
     * Creates rows from pre-tokenised data, which are neither tokenised again nor truncated.
     *
     * @param vocabularySize rows of the model's word embedding
     * @param maxPositions the length of the longest row that the model can take, in tokens
     * @param segments number of the model's token types; 0 if it has none, and then the token types of the data are
     *     ignored
     * @throws UserException if a token id or label is outside the vocabulary, a token type is none of the model's or a
     *     row is too long
     */
    public static TokenizedDataset of(Dataset preTokenised, int vocabularySize, int maxPositions, int segments) {
        return of(preTokenised, vocabularySize, maxPositions, segments, null);
    }

    /**
     * Creates rows as {@link #of(Dataset, int, int, int)} does, for a model that takes images: the image token of a row
     * is repeated for all patches of its image.
     *
     * @param use image settings of the model; null for a model that takes no images
     * @throws UserException also if the image tokens of a row do not match its image, or if a row has an image and the
     *     model takes none
     */
    public static TokenizedDataset of(
            Dataset preTokenised, int vocabularySize, int maxPositions, int segments, @Nullable ImageUse use) {
        List<TokenRow> rows = expanded(preTokenised, use);
        for (int row = 0; row < rows.size(); row++) {
            Long outside = rows.get(row).idOutside(vocabularySize);
            if (outside != null) {
                throw new UserException("Token id %s in %s is outside the model's vocabulary (0 to %s)."
                        .formatted(outside, preTokenised.place(row), vocabularySize - 1));
            }
            Long type = rows.get(row).typeIdOutside(segments);
            if (type != null) {
                throw new UserException("Token type %s in %s is outside the model's segments (%s); mend its %s."
                        .formatted(type, preTokenised.place(row), range(segments), TokenRow.TYPE_IDS));
            }
            int length = rows.get(row).length();
            if (length > maxPositions) {
                throw new UserException("%s has %s, but the model has %s; shorten the row."
                        .formatted(
                                preTokenised.places().at(row),
                                Excerpt.count(length, "token"),
                                Excerpt.count(maxPositions, "position")));
            }
        }
        Labels labels = expandedLabels(preTokenised, use);
        requireKnown(labels, preTokenised, vocabularySize);
        return new TokenizedDataset(
                preTokenised.name(), rows, labels, 0, maxPositions, RowImages.of(preTokenised, use));
    }

    private static void requireKnown(Labels labels, Dataset data, int vocabularySize) {
        if (!(labels instanceof Labels.TokenLabels tokens)) {
            return;
        }
        long[][] values = tokens.values();
        for (int row = 0; row < values.length; row++) {
            for (long label : values[row]) {
                if (label != Labels.IGNORED && (label < 0 || label >= vocabularySize)) {
                    throw new UserException(
                            "Label %s in %s is outside the model's vocabulary (0 to %s); write %s for tokens that are not to be learnt."
                                    .formatted(label, data.place(row), vocabularySize - 1, Labels.IGNORED));
                }
            }
        }
    }

    private static List<TokenRow> expanded(Dataset data, @Nullable ImageUse use) {
        List<TokenRow> rows = data.tokenRows();
        if (use == null) {
            return rows;
        }
        List<TokenRow> expanded = new ArrayList<>(rows.size());
        for (TokenRow row : rows) {
            expanded.add(
                    data.images() == null
                            ? use.tokens().requireNone(row, data.place(expanded.size()))
                            : use.tokens().expand(row, data.place(expanded.size())));
        }
        return expanded;
    }

    /**
     * Returns the tokens that a language model learns: those with a label, or all tokens of rows that have no labels of
     * tokens.
     */
    public Labels.TokenLabels nextTokens() {
        return labels instanceof Labels.TokenLabels ofTokens
                ? ofTokens
                : new Labels.TokenLabels(rows.stream().map(TokenRow::ids).toArray(long[][]::new));
    }

    private static Labels expandedLabels(Dataset data, @Nullable ImageUse use) {
        if (use == null || data.images() == null || !(data.labels() instanceof Labels.TokenLabels labels)) {
            return data.labels();
        }
        long[][] values = labels.values();
        for (int row = 0; row < values.length; row++) {
            values[row] =
                    use.tokens().expandLabels(values[row], data.tokenRows().get(row));
        }
        return new Labels.TokenLabels(values);
    }

    /**
     * Makes sure that tokenizer and model belong together.
     *
     * @param vocabularySize rows of the model's word embedding
     * @param segments number of the model's token types; 0 if it has none, and then the token types of the tokenizer
     *     are ignored
     * @throws UserException if a token id is outside the vocabulary or a token type is none of the model's
     */
    public void requireFits(int vocabularySize, int segments) {
        for (int row = 0; row < rows.size(); row++) {
            Long outside = rows.get(row).idOutside(vocabularySize);
            if (outside != null) {
                throw new UserException(
                        "The tokenizer gives id %s in row %s of %s, outside the model's vocabulary (0 to %s): its tokenizer.json belongs to another model."
                                .formatted(outside, row + 1, name, vocabularySize - 1));
            }
            Long type = rows.get(row).typeIdOutside(segments);
            if (type != null) {
                throw new UserException(
                        "The tokenizer gives token type %s in row %s of %s, outside the model's segments (%s): its tokenizer.json belongs to another model."
                                .formatted(type, row + 1, name, range(segments)));
            }
        }
    }

    private static String range(int segments) {
        return segments == 1 ? "only 0" : "0 to " + (segments - 1);
    }

    /**
     * Returns these rows, treated as the reference implementation treats them.
     *
     * @param endId id of the end-of-sequence token, which can be masked; null if there is none
     * @throws UserException if the end-of-sequence token shall be masked and there is none
     */
    public TokenizedDataset with(Set<ReferenceCompatibility> switches, @Nullable Long endId) {
        if (switches.isEmpty()) {
            return this;
        }
        if (switches.contains(ReferenceCompatibility.EOS_IS_PADDING) && endId == null) {
            throw new UserException(
                    "The model names no end-of-sequence token, so none can be masked; leave out --compat %s."
                            .formatted(ReferenceCompatibility.EOS_IS_PADDING.id()));
        }
        List<TokenRow> treated = new ArrayList<>(rows.size());
        for (TokenRow row : rows) {
            TokenRow typed = switches.contains(ReferenceCompatibility.NO_TOKEN_TYPES) ? row.withoutTypes() : row;
            treated.add(
                    switches.contains(ReferenceCompatibility.EOS_IS_PADDING) && endId != null
                            ? typed.masking(endId)
                            : typed);
        }
        return new TokenizedDataset(name, treated, labels, cutRows, maxLength, images);
    }

    /** Returns these rows without their images, so that no image is decoded. */
    public TokenizedDataset withoutImages() {
        return images == null ? this : new TokenizedDataset(name, rows, labels, cutRows, maxLength);
    }

    /**
     * Returns indices at equal distances, ascending and from 0 on; all of them if they are not too many.
     *
     * @param size number of indices
     * @param most maximum number of those that are returned
     */
    public static int[] spaced(int size, int most) {
        int count = Math.min(most, size);
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * size / count))
                .toArray();
    }

    /** Returns some of the rows, in the given order, with their labels and images; the cut ones are not counted. */
    public TokenizedDataset select(int[] chosen) {
        return new TokenizedDataset(
                name,
                Arrays.stream(chosen).mapToObj(rows::get).toList(),
                labels.select(chosen),
                0,
                maxLength,
                images == null ? null : images.select(chosen));
    }

    /** Returns the number of rows. */
    public int size() {
        return rows.size();
    }
}
