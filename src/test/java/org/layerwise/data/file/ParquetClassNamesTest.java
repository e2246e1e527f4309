package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.TaskPreset;

/** Names of class numbers that HuggingFace's datasets write into a Parquet file. */
class ParquetClassNamesTest {

    private static final String ROWS = "SELECT 'text ' || i AS text, i % 3 AS label FROM range(6) r(i)";
    private static final List<String> NAMES = List.of("neutral", "entailment", "contra'diction");

    @TempDir
    Path folder;

    @Test
    void numbersGetTheNamesOfTheirFile() {
        Dataset data = DataFixtures.read(DataFixtures.parquet(folder, "a.parquet", ROWS, "label", NAMES));

        Labels.Classes classes = (Labels.Classes) data.labels();
        assertThat(classes.names()).isEqualTo(NAMES);
        assertThat(classes.values()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(classes.numbered()).isTrue();
        assertThat(data.row(2).label()).isEqualTo("contra'diction");
        assertThat(data.asNumbers().labels()).isInstanceOf(Labels.Numbers.class);
    }

    @Test
    void chunksHaveTheSameNames() {
        Path file = DataFixtures.parquet(folder, "a.parquet", ROWS, "label", NAMES);

        try (DatasetChunks chunks =
                new DatasetReader().chunks(DataSource.of(file.toString()), LabelUse.AUTO, 2, Progress.none())) {
            while (chunks.hasNext()) {
                assertThat(((Labels.Classes) chunks.next().labels()).names()).isEqualTo(NAMES);
            }
        }
    }

    @Test
    void aPresetNumbersItsClassesByTheNames() {
        String rows = "SELECT 'a' AS premise, 'b' AS hypothesis, i AS label FROM range(3) r(i)";
        Path file = DataFixtures.parquet(
                folder, "a.parquet", rows, "label", List.of("contradiction", "neutral", "entailment"));

        Dataset data =
                new DatasetReader().read(DataSource.of(file.toString()).withPreset(TaskPreset.MNLI), Progress.none());

        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(2, 1, 0);
        assertThat(((Labels.Classes) data.labels()).names()).isEqualTo(TaskPreset.MNLI.classNames());
    }

    @Test
    void namesOfOtherColumnsAndOfTextsAndFractionsDoNotCount() {
        Path other = DataFixtures.parquet(folder, "a.parquet", ROWS, "topic", NAMES);
        Path numbers = DataFixtures.parquet(folder, "b.parquet", ROWS, "label", List.of("0", "1", "2"));
        Path texts = DataFixtures.parquet(
                folder, "c.parquet", "SELECT 'a' AS text, '1' AS label", "label", List.of("no", "yes"));
        Path fractions = DataFixtures.parquet(
                folder, "d.parquet", "SELECT 'a' AS text, 1.5 AS label", "label", List.of("no", "yes"));

        for (Path file : List.of(other, numbers, texts)) {
            assertThat(((Labels.Classes) DataFixtures.read(file).labels()).names())
                    .isEmpty();
        }
        assertThat(DataFixtures.read(fractions).labels()).isInstanceOf(Labels.Numbers.class);
    }

    @Test
    void numbersWithoutANameAreRefused() {
        Path file = DataFixtures.parquet(folder, "a.parquet", ROWS, "label", List.of("no", "yes"));
        Path missing = DataFixtures.parquet(folder, "b.parquet", "SELECT 'a' AS text, -1 AS label", "label", NAMES);

        assertThatThrownBy(() -> DataFixtures.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Label 2 in row 3 of %s is none of the classes that the file names (0 to 1: no, yes); correct it or leave the row out.",
                        file);
        assertThatThrownBy(() -> DataFixtures.read(missing))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Label -1 in row 1 of " + missing);
    }

    @Test
    void filesThatNameTheirClassesDifferentlyAreNotReadTogether() {
        DataFixtures.parquet(folder, "a.parquet", ROWS, "label", NAMES);
        DataFixtures.parquet(folder, "b.parquet", ROWS);

        assertThatThrownBy(() -> DataFixtures.read(folder.resolve("*.parquet")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s and %s name their classes differently (neutral, entailment, contra'diction; by number alone); read them one by one.",
                        folder.resolve("a.parquet"), folder.resolve("b.parquet"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1",
                "{\"info\":{\"features\":{\"label\":{\"names\":[\"a\",\"a\"],\"_type\":\"ClassLabel\"}}}}",
                "{\"info\":{\"features\":{\"label\":{\"names\":[\"a\",\" \"],\"_type\":\"ClassLabel\"}}}}",
                "{\"info\":{\"features\":{\"label\":{\"names\":[\"a\",[]],\"_type\":\"ClassLabel\"}}}}",
                "{\"info\":{\"features\":{\"label\":{\"names\":\"a\",\"_type\":\"ClassLabel\"}}}}"
            })
    void namesThatCannotBeReadAreRefused(String json) {
        refused(json, "");
    }

    @Test
    void endlessNamesAreRefused() {
        refused("[".repeat(100_000), "this is not JSON");
        refused(" ".repeat((4 << 20) + 1), "at most 4.0 MiB are read");
        List<String> many = IntStream.range(0, 10_001).mapToObj(i -> "n" + i).toList();
        assertThatThrownBy(() -> DataFixtures.read(DataFixtures.parquet(folder, "many.parquet", ROWS, "label", many)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("they are 10001, and at most 10000 classes are possible");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "3", "{\"info\":[]}", "{\"info\":{\"features\":{\"label\":{\"_type\":\"ClassLabel\"}}}}"})
    void metadataWithoutNamesIsNotRefused(String json) {
        Dataset data = DataFixtures.read(DataFixtures.parquetWithMetadata(folder, "a.parquet", ROWS, json));

        assertThat(((Labels.Classes) data.labels()).names()).isEmpty();
    }

    private void refused(String json, String reason) {
        Path file = DataFixtures.parquetWithMetadata(folder, "a.parquet", ROWS, json);

        assertThatThrownBy(() -> DataFixtures.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        file + " has class names for column \"label\" in its key \"huggingface\" that cannot be used: ")
                .hasMessageContaining(reason);
        // without labels, nobody needs the names
        assertThat(DataFixtures.read(file, LabelUse.IGNORE).size()).isEqualTo(6);
    }
}
