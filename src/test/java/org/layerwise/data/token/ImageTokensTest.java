package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.ImageFixtures;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.image.ImageSource;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.PixelBatch;

class ImageTokensTest {

    private static final RowPadding PADDING = new RowPadding(0, Integer.MAX_VALUE);

    private static final ImageTokens FOUR = new ImageTokens(ImageFixtures.IMAGE, 4);

    @TempDir
    Path folder;

    @Test
    void oneTokenBecomesAllPatches() {
        TokenRow row = new TokenRow(new long[] {1, 3, 7}, new long[] {0, 1, 1});

        TokenRow expanded = FOUR.expand(row, "row 1 of d");

        assertThat(expanded.ids()).containsExactly(1, 3, 3, 3, 3, 7);
        assertThat(expanded.typeIds()).containsExactly(0, 1, 1, 1, 1, 1);
        assertThat(FOUR.expand(expanded, "row 1 of d")).isSameAs(expanded);
    }

    @Test
    void otherNumbersAreRefused() {
        assertThatThrownBy(() -> FOUR.expand(new TokenRow(new long[] {3, 3, 7}, null), "row 5 of d.csv"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Row 5 of d.csv has 2 image tokens (id 3)");
        assertThatThrownBy(() -> FOUR.expand(new TokenRow(new long[] {7}, null), "row 1 of d.csv"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("0 image tokens");
    }

    @Test
    void textWithImages() {
        TokenizedDataset data = encode("USER: <image> what is this ASSISTANT:", 20);

        assertThat(data.rows().get(0).ids()).containsExactly(1, 4, 3, 3, 3, 3, 6, 7, 8, 5);
        assertThat(data.cutRows()).isZero();
    }

    @Test
    void answersAreLabelledAndPatchesAreNot() {
        String text = "USER: <image> what 😀 is this";
        EncodingRules rules = new EncodingRules(
                true,
                false,
                new ImageUse(FOUR, ImageFixtures.preprocessor(folder)),
                new LearnedTokens.InParts(List.of(List.of(new TextSpan(text.indexOf("is"), text.length())))));
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            TokenizedDataset data = tokenizer.encode(texts(text).withImages(images(1)), 20, 20, rules, Progress.none());
            long[] ids = data.rows().get(0).ids();
            long[] labels = ((Labels.TokenLabels) data.labels()).values()[0];
            assertThat(Arrays.copyOf(ids, 6)).containsExactly(1, 4, 3, 3, 3, 3);
            assertThat(Arrays.copyOfRange(ids, ids.length - 2, ids.length)).containsExactly(7, 8);
            assertThat(labels).hasSameSizeAs(ids).endsWith(7, 8);
            assertThat(Arrays.copyOf(labels, labels.length - 2)).containsOnly(Labels.IGNORED);
        }
    }

    @Test
    void cutsTextButNoImage() {
        TokenizedDataset data = encode("USER: <image> what is this ASSISTANT:", 8);

        assertThat(data.rows().get(0).ids()).containsExactly(1, 4, 3, 3, 3, 3, 6, 7);
        assertThat(data.cutRows()).isEqualTo(1);
        assertThat(encode("<image> <image> <image> <image> what is this", 6)
                        .rows()
                        .get(0)
                        .ids())
                .containsExactly(1, 3, 3, 3, 3, 6);
        assertThatThrownBy(() -> encode("what is this cat <image>", 6))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The 4 tokens of the image in row 1 of t.csv do not fit into 6 tokens")
                .hasMessageContaining("raise max-length");
        assertThatThrownBy(() -> encode("<image> what", 4))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("A length of 4 tokens leaves no room");
        assertThatThrownBy(() -> encode("what <image> <image> <image> <image> what is this", 4))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("do not fit");
    }

    @Test
    void imagesAndTheirTokensBelongTogether() {
        assertThatThrownBy(() -> encode("what is this", 9))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("0 image tokens");
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            Dataset noImage = texts("a <image>");
            EncodingRules rules = rules(false);
            assertThatThrownBy(() -> tokenizer.encode(noImage, 9, 9, rules, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("1 image token (id 3) but no image");
            Dataset image = noImage.withImages(images(1));
            assertThatThrownBy(() -> tokenizer.encode(image, 9, 9, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("has images, but the model sees none");
        }
    }

    @Test
    void tokenIdsWithImagesAndLabels() {
        Labels labels = new Labels.TokenLabels(new long[][] {{-100, 8, 9}, {1, 2, 3, 4, 5}});
        List<TokenRow> rows =
                List.of(new TokenRow(new long[] {3, 8, 9}, null), new TokenRow(new long[] {3, 3, 3, 3, 5}, null));
        Dataset data = Dataset.ofTokens("t", "t.jsonl", List.of("input_ids"), rows, labels)
                .withImages(images(2));

        TokenizedDataset tokens =
                TokenizedDataset.of(data, 10, 9, 0, rules(false).images());

        assertThat(tokens.rows().get(0).ids()).containsExactly(3, 3, 3, 3, 8, 9);
        assertThat(((Labels.TokenLabels) tokens.labels()).values())
                .isDeepEqualTo(new long[][] {{-100, -100, -100, -100, 8, 9}, {1, 2, 3, 4, 5}});
        assertThatThrownBy(
                        () -> TokenizedDataset.of(data, 10, 5, 0, rules(false).images()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Row 1 of t.jsonl has 6 tokens");
        assertThatThrownBy(() -> TokenizedDataset.of(data, 10, 9, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the model sees none");
    }

    @Test
    void batchesHoldThePixelsOfTheirRows() {
        TokenizedDataset data = rowsOfLength(1, 5, 3);

        Batch batch = Batches.byRows(data, PADDING, 2).get(0);
        PixelBatch pixels = batch.tokens().pixels();

        assertThat(batch.rows()).containsExactly(1, 2);
        assertThat(pixels.images()).isEqualTo(2);
        assertThat(pixels.channels()).isEqualTo(3);
        assertThat(pixels.height()).isEqualTo(2);
        // the red of an image is ten times its row
        assertThat(pixels.values()).hasSize(24).startsWith(10f, 10f, 10f, 10f, 0f);
        assertThat(pixels.values()[12]).isEqualTo(20f);
    }

    @Test
    void piecesHoldThePixelsOfTheirRows() {
        int longest = 40;
        TokenizedDataset data = rowsOfLength(longest, 5, longest - 1);
        int[] batch = Batches.shuffled(data.size(), 3, 1, 0).get(0);

        List<Batch> pieces = Batches.pieces(batch, data, PADDING, longest);

        assertThat(pieces.size()).isGreaterThan(1);
        for (Batch piece : pieces) {
            assertThat(piece.tokens().pixels()).isEqualTo(data.images().batch(piece.rows()));
        }
    }

    @Test
    void brokenImagesNameTheirRow() {
        List<ImageSource> sources = List.of(new ImageSource.InCell("cat.png", new byte[] {1, 2, 3}));
        Dataset data = texts("<image>").withImages(sources);
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            TokenizedDataset tokens = tokenizer.encode(data, 9, 9, rules(false), Progress.none());
            List<Batch> batches = Batches.byRows(tokens, PADDING, 1);
            assertThatThrownBy(() -> batches.get(0))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Image \"cat.png\" in row 1 of t.csv is of an unknown kind");
        }
    }

    @Test
    void cuttingOnTheLeftIsRefusedWhereItMatters() {
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            EncodingRules left = new EncodingRules(true, true, null, null);
            assertThat(tokenizer
                            .encode(texts("what is"), 9, 9, left, Progress.none())
                            .rows())
                    .hasSize(1);
            assertThatThrownBy(() -> tokenizer.encode(texts("what is this cat"), 4, 9, left, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Row 1 of t.csv has more than 4 tokens")
                    .hasMessageContaining("cut on the left");
        }
    }

    @Test
    void withoutSpecialTokens() {
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            EncodingRules none = new EncodingRules(false, false, null, null);
            assertThat(tokenizer
                            .encode(texts("<s> what is"), 2, 9, none, Progress.none())
                            .rows()
                            .get(0)
                            .ids())
                    .containsExactly(1, 6);
        }
    }

    private TokenizedDataset encode(String text, int limit) {
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ImageFixtures.tokenizer(folder))) {
            return tokenizer.encode(texts(text).withImages(images(1)), limit, 50, rules(false), Progress.none());
        }
    }

    private TokenizedDataset rowsOfLength(int... lengths) {
        List<TokenRow> rows = IntStream.of(lengths)
                .mapToObj(length -> new TokenRow(new long[length], null))
                .toList();
        RowImages images = new RowImages("t.csv", images(lengths.length), ImageFixtures.preprocessor(folder));
        return new TokenizedDataset("t", rows, new Labels.None(), 0, 500, images);
    }

    private EncodingRules rules(boolean left) {
        return new EncodingRules(true, left, new ImageUse(FOUR, ImageFixtures.preprocessor(folder)), null);
    }

    private static List<ImageSource> images(int count) {
        return IntStream.range(0, count)
                .<ImageSource>mapToObj(row -> new ImageSource.InCell("", ImageFixtures.png(4, 3, 10 * row << 16)))
                .toList();
    }

    private static Dataset texts(String text) {
        return Dataset.ofTexts("t", "t.csv", List.of("text"), List.of(text), null, new Labels.None());
    }
}
