package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

class TextTokenizerTest {

    @TempDir
    static Path folder;

    static TextTokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = TextTokenizer.openTrusted(DataFixtures.sampleTokenizer(folder));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void singleTextsAsHuggingFaceHasThem() throws IOException {
        List<String> texts = new ArrayList<>();
        List<List<Long>> expected = new ArrayList<>();
        for (JsonNode each : golden().get("single")) {
            texts.add(each.get("text").asText());
            expected.add(longs(each.get("input_ids")));
        }

        TokenizedDataset data = encode(texts, null, 512, 512);

        for (int row = 0; row < texts.size(); row++) {
            assertThat(data.rows().get(row).ids())
                    .as(texts.get(row))
                    .containsExactly(expected.get(row).stream()
                            .mapToLong(Long::longValue)
                            .toArray());
            assertThat(data.rows().get(row).typeIds()).isNull();
        }
        assertThat(data.cutRows()).isZero();
    }

    @Test
    void pairsAsHuggingFaceHasThem() throws IOException {
        for (JsonNode each : golden().get("pairs")) {
            TokenizedDataset data = encode(
                    List.of(each.get("a").asText()),
                    List.of(each.get("b").asText()),
                    each.path("max_length").asInt(512),
                    512);
            TokenRow row = data.rows().get(0);
            // these were padded to their max_length
            int length = (int) longs(each.get("attention_mask")).stream()
                    .filter(mask -> mask == 1)
                    .count();
            assertThat(row.ids()).containsExactly(first(each.get("input_ids"), length));
            assertThat(row.typeIds()).containsExactly(first(each.get("token_type_ids"), length));
        }
    }

    @Test
    void longTextsAreCutAndCounted() {
        TokenizedDataset data = encode(List.of("one two three four five", "one"), null, 5, 512);

        assertThat(data.cutRows()).isEqualTo(1);
        assertThat(data.maxLength()).isEqualTo(5);
        assertThat(data.rows().get(0).ids()).startsWith(101).endsWith(102).hasSize(5);
        assertThat(data.rows().get(1).length()).isEqualTo(3);
    }

    @Test
    void positionsOfTheModelAreALimitToo() {
        TokenizedDataset data = encode(List.of("one two three four five"), null, 128, 4);

        assertThat(data.maxLength()).isEqualTo(4);
        assertThat(data.rows().get(0).length()).isEqualTo(4);
        assertThat(data.cutRows()).isEqualTo(1);
    }

    @Test
    void modelsMayTakeMoreThan512Tokens() {
        String text = String.join(" ", Collections.nCopies(700, "word"));

        assertThat(encode(List.of(text), null, 2048, 4096).rows().get(0).length())
                .isEqualTo(702);
    }

    @Test
    void whatTheFileSaysOfPaddingAndCuttingDoesNotCount() throws IOException {
        String json = Files.readString(folder.resolve("tokenizer.json"))
                .replaceFirst(
                        "\"truncation\":\\s*null",
                        "\"truncation\":{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replaceFirst(
                        "\"padding\":\\s*null",
                        "\"padding\":{\"strategy\":{\"Fixed\":4},\"direction\":\"Right\",\"pad_to_multiple_of\":null,\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}");
        assertThat(json).contains("\"Fixed\":4").contains("\"max_length\":4");
        Path file = Files.writeString(folder.resolve("padding.json"), json);

        try (TextTokenizer padding = TextTokenizer.openTrusted(file)) {
            TokenizedDataset data =
                    padding.encode(texts(List.of("one", "one two three four"), null), 128, 512, Progress.none());
            assertThat(data.rows().stream().map(TokenRow::length)).containsExactly(3, 6);
            assertThat(padding.specialTokens(false)).isEqualTo(2);
        }
    }

    @Test
    void theSideAndStrideOfTheFileDoNotCount() throws IOException {
        Path file = withTruncation(
                "{\"direction\":\"Left\",\"max_length\":512,\"strategy\":\"OnlySecond\",\"stride\":128}");

        try (TextTokenizer stepping = TextTokenizer.openTrusted(file)) {
            Dataset data = texts(List.of("one two three four five"), null);
            long[] ids =
                    stepping.encode(data, 5, 512, Progress.none()).rows().get(0).ids();
            assertThat(ids).containsExactly(101, 2028, 2048, 2093, 102);
        }
    }

    private static Path withTruncation(String truncation) throws IOException {
        String json = Files.readString(folder.resolve("tokenizer.json"))
                .replaceFirst("\"truncation\":\\s*null", "\"truncation\":" + truncation);
        assertThat(json).contains(truncation);
        return Files.writeString(folder.resolve("truncating.json"), json);
    }

    @Test
    void emptyTextsAreTheirSpecialTokens() {
        assertThat(encode(List.of(""), null, 8, 8).rows().get(0).ids()).containsExactly(101, 102);
    }

    @Test
    void labelsAndNamesGoAlong() {
        Labels labels = new Labels.Classes(new int[] {1}, List.of());
        Dataset data = Dataset.ofTexts("t", "t.csv", List.of("text"), List.of("a"), null, labels);

        TokenizedDataset encoded = tokenizer.encode(data, 8, 8, Progress.none());

        assertThat(encoded.labels()).isSameAs(labels);
        assertThat(encoded.name()).isEqualTo("t");
    }

    @Test
    void noRoomForText() {
        assertThatThrownBy(() -> encode(List.of("a"), List.of("b"), 3, 512))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("A length of 3 tokens")
                .hasMessageContaining("3 special tokens");
        assertThatThrownBy(() -> encode(List.of("a"), null, 1, 512))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("A length of 1 token leaves");
        assertThatThrownBy(() -> encode(List.of("a"), null, 2, 512)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> encode(List.of("a"), null, 0, 512)).isInstanceOf(UserException.class);
    }

    @Test
    void missingTokenizer() {
        assertThatThrownBy(() -> TextTokenizer.openTrusted(folder.resolve("none/tokenizer.json")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no tokenizer " + folder.resolve("none/tokenizer.json"));
    }

    @Test
    void brokenTokenizer() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.json"), "{\"a\": 1}");

        assertThatThrownBy(() -> TextTokenizer.openTrusted(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("broken.json is not a tokenizer");
    }

    @Test
    void tokenizerOfAnotherModel() {
        TokenizedDataset data = encode(List.of("world"), null, 8, 8);

        data.requireFits(30_522, 2);
        assertThatThrownBy(() -> data.requireFits(200, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("id 2088 in row 1")
                .hasMessageContaining("another model");
    }

    @Test
    void tokenTypesThatTheModelLacks() {
        TokenizedDataset data = encode(List.of("a"), List.of("b"), 8, 8);

        data.requireFits(30_522, 2);
        // a family without segments never looks at them
        data.requireFits(30_522, 0);
        assertThatThrownBy(() -> data.requireFits(30_522, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("token type 1 in row 1 of t")
                .hasMessageContaining("(only 0)")
                .hasMessageContaining("another model");
    }

    @Test
    void cancelsBetweenChunks() {
        AtomicInteger reports = new AtomicInteger();
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {
                reports.incrementAndGet();
            }

            @Override
            public boolean cancelled() {
                return reports.get() == 2;
            }
        };

        assertThatThrownBy(() -> tokenizer.encode(texts(Collections.nCopies(10_000, "x"), null), 8, 8, cancelled))
                .isInstanceOf(CancelledException.class);
        assertThat(reports).hasValue(2);
    }

    private static Dataset texts(List<String> first, @Nullable List<String> second) {
        return Dataset.ofTexts("t", "t.csv", List.of("text"), first, second, new Labels.None());
    }

    private static TokenizedDataset encode(
            List<String> first, @Nullable List<String> second, int maxLength, int maxPositions) {
        return tokenizer.encode(texts(first, second), maxLength, maxPositions, Progress.none());
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = TextTokenizerTest.class.getResourceAsStream("/golden/bert_tokenizer_golden.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static long[] first(JsonNode array, int length) {
        return longs(array).stream().limit(length).mapToLong(Long::longValue).toArray();
    }

    private static List<Long> longs(JsonNode array) {
        List<Long> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asLong()));
        return values;
    }
}
