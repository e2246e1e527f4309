package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;

/** DuckDB searches 100,000 rows for columns; the keys of later rows count as well. */
class JsonKeysTest {

    private static final int SEARCHED = 100_000;
    private static final String INSTRUCTION = "{\"instruction\":\"Add 1 and 2.\",\"output\":\"3\"}\n";
    private static final String WITH_INPUT = INSTRUCTION.replace("}", ",\"input\":\"some text\"}");
    private static final String LABELLED = "{\"text\":\"fine\",\"label\":1}\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.json", "array.json.gz"})
    void keyThatFirstOccursLateIsAColumn(String name) throws IOException {
        String rows = INSTRUCTION.repeat(SEARCHED + 20_000) + WITH_INPUT;
        DataSource source = DataSource.of(file(name, rows).toString()).withPreset(TaskPreset.INSTRUCTION);

        for (DataSource all : List.of(source, source.withLimit(120_001).withSampling(SamplingMode.RANDOM, 1))) {
            assertThatThrownBy(() -> read(all))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Row 120001 of")
                    .hasMessageContaining("more of its instruction in column \"input\"");
        }
        assertThat(read(source.withLimit(110_000)).columns()).containsExactly("instruction", "output");
    }

    @Test
    void tokensWhoseMaskBeginsLateAreRefused() throws IOException {
        Path file = file(
                "a.jsonl",
                "{\"input_ids\":[2,3]}\n".repeat(SEARCHED) + "{\"input_ids\":[2,0],\"attention_mask\":[1,0]}\n");

        DataFixtures.refused(file, "Row 1 of", "attention_mask");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"x\"', mixes numbers (\"1\") and names (\"x\")",
        "'[1]', Label [1] in row",
        "'1,\"Text\":\"b\"', 'upper and lower case alone (Text, text)'",
    })
    void valuesOfLateRowsAreTreatedAsThoseOfEarlyOnes(String label, String sentence) throws IOException {
        String row = LABELLED.replace("1", label);

        DataFixtures.refused(file("early.jsonl", LABELLED + row), sentence);
        DataFixtures.refused(file("late.jsonl", LABELLED.repeat(SEARCHED) + row), sentence);
    }

    @Test
    void listInATextColumnOfALateRowIsRefused() throws IOException {
        String rows = LABELLED.repeat(SEARCHED) + "{\"text\":[\"fine\"],\"label\":1}\n";

        DataFixtures.refused(file("a.jsonl", rows), "Row 100001 of", "a list in column \"text\"");
    }

    @Test
    void veryManyDifferentKeysAreRefused() throws IOException {
        String rows = IntStream.rangeClosed(1, 40_000)
                .mapToObj(row -> "{\"text\":\"fine\",\"f%s\":1}\n".formatted(row))
                .collect(Collectors.joining());

        DataFixtures.refused(
                file("a.jsonl", rows), "have more than 40000 different fields", "by row 40000", "leave out fields");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.json", "array.json"})
    void keysAreFoundWhereverPiecesOfTheFileEnd(String name) throws IOException {
        String row =
                "{\"text\": \"a, \\\"b\\\": {\", \"l\\u0061bel\" : 1, \"\u65e5\\\"\":{\"in\":1,\"side\":[\"x\"]}}\n";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            rows.append("{\"text\":\"")
                    .append("w".repeat((1 << 18) / 60 + i % 7))
                    .append("\",\"longer name\":1}\n");
            rows.append(row);
        }
        Path file = file(name, rows.toString());

        try (RowScan scan = RowScan.start(file, new JsonRows(file, name.endsWith("jsonl")), Progress.none())) {
            assertThat(scan.requireAll()).isEqualTo(600);
            assertThat(scan.keys(600)).containsExactly("text", "longer name", "label", "\u65e5\"");
            assertThat(scan.keys(1)).containsExactly("text", "longer name");
        }
    }

    @Test
    void openStringHidesNoKeyOfTheNextRow() throws IOException {
        Path file = file("a.jsonl", "{\"text\":\"fine\",\"open\n{\"text\":\"fine\",\"last\":1}\n");

        try (RowScan scan = RowScan.start(file, new JsonRows(file, true), Progress.none())) {
            scan.requireAll();
            assertThat(scan.keys(Long.MAX_VALUE)).containsExactly("text", "last");
        }
    }

    private static Dataset read(DataSource source) {
        return new DatasetReader().read(source, LabelUse.AUTO, Progress.none());
    }

    private Path file(String name, String rows) throws IOException {
        String content = name.startsWith("array") ? "[" + rows.strip().replace("\n", ",\n") + "]" : rows;
        Path file = folder.resolve(name);
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
