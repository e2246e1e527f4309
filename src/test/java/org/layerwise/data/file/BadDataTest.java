package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.layerwise.data.DataFixtures.refused;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.sample.SampleTasks;

/** Every way in which files can be wrong: one clear line that names the file and the thing. */
class BadDataTest {

    @TempDir
    Path folder;

    @Test
    void missingFile() {
        refused(folder.resolve("no.tsv"), "There is no data file", "no.tsv");
    }

    @Test
    void folderWithoutData() {
        refused(folder, "has no data files", ".parquet");
    }

    @Test
    void unknownKindOfFile() {
        refused(DataFixtures.write(folder, "a.xlsx", "x"), "a.xlsx", ".parquet");
    }

    @Test
    void emptyFile() {
        for (String name : List.of("a.tsv", "a.csv", "a.jsonl", "a.json", "a.parquet")) {
            refused(DataFixtures.write(folder, name, ""), name, "empty");
        }
    }

    @Test
    void headerWithoutRows() {
        refused(DataFixtures.write(folder, "a.csv", "text,label\n"), "a.csv", "empty");
        refused(DataFixtures.write(folder, "a.json", "[]"), "a.json");
        refused(DataFixtures.parquet(folder, "a.parquet", "SELECT 'x' AS text WHERE false"), "a.parquet", "empty");
    }

    @Test
    void noHeader() {
        refused(DataFixtures.write(folder, "a.csv", "\n\na,1\n"), "a.csv", "header");
    }

    /** DuckDB would call the second {@code text_1}, and the first would be taken for it. */
    @Test
    void columnsThatDifferInUpperAndLowerCaseAlone() throws IOException {
        String alike = "names differ in upper and lower case alone (";
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"Text\": \"no\", \"text\": \"yes\"}\n"),
                "a.jsonl",
                alike + "Text, text)");
        refused(
                DataFixtures.write(
                        folder,
                        "b.jsonl",
                        "{\"text\": \"x\", \"Label\": 7, \"label_1\": 3}\n{\"text\": \"x\", \"label\": 0}\n"),
                alike + "Label, label)");
        refused(DataFixtures.write(folder, "a.json", "[{\"text\": \"no\", \"TEXT\": \"yes\"}]"), alike + "TEXT, text)");
        Path parquet = DataFixtures.parquet(folder, "a.parquet", "SELECT 'no' AS \"Text\", 'yes' AS \"texu\"");
        renameColumn(parquet);
        refused(parquet, alike + "Text, text)");
    }

    @Test
    void columnsOfSeparatedValuesThatDifferInUpperAndLowerCaseAlone() {
        String alike = "names differ in upper and lower case alone (";
        refused(DataFixtures.write(folder, "a.csv", "TEXT,Text\nno,yes\n"), "a.csv", alike + "TEXT, Text)");
        refused(DataFixtures.write(folder, "a.tsv", "text\tLabel\tLABEL\na\t1\t0\n"), alike + "Label, LABEL)");
        Path exact = DataFixtures.write(folder, "b.csv", "Text,text,ID,id\nno,yes,1,2\n");
        assertThat(DataFixtures.read(exact).texts()).containsExactly("yes");
    }

    @Test
    void namesWithNumbersAreThoseOfTheFile() {
        Path file = DataFixtures.write(
                folder, "a.jsonl", "{\"text\": \"one\", \"text_1\": \"two\", \"Text_2_3\": \"three\"}\n");

        Dataset data = new DatasetReader().read(DataSource.of(file.toString()), Progress.none());

        assertThat(data.columns()).containsExactly("text", "text_1", "Text_2_3");
        assertThat(data.texts()).containsExactly("one");
    }

    @Test
    void twoColumnsOfOneName() throws IOException {
        String twice = "two columns named \"text\"";
        refused(DataFixtures.write(folder, "a.csv", "text,text\na,b\n"), twice);
        Path parquet = DataFixtures.parquet(folder, "a.parquet", "SELECT 'no' AS \"text\", 'yes' AS \"texu\"");
        renameColumn(parquet);
        refused(parquet, twice);
    }

    @Test
    void namesInsideOfAColumnAreNotThoseOfColumns() throws IOException {
        String twice = "two columns named \"text\"";
        Path alike = DataFixtures.parquet(
                folder, "a.parquet", "SELECT 'no' AS \"text\", 'yes' AS \"texu\", {'texu_': 1, 'Text_': 2} AS s");
        renameColumn(alike);
        refused(alike, twice);
        Path numbered = DataFixtures.parquet(
                folder, "b.parquet", "SELECT {'text_1': {'a': 1}, 'b': 2} AS s, 'no' AS \"text\", 'yes' AS \"texu\"");
        renameColumn(numbered);
        refused(numbered, twice);
    }

    private static void renameColumn(Path parquet) throws IOException {
        String content = Files.readString(parquet, StandardCharsets.ISO_8859_1);
        Files.writeString(parquet, content.replace("texu", "text"), StandardCharsets.ISO_8859_1);
    }

    @Test
    void missingTextColumnThatWasAskedFor() {
        Path file = DataFixtures.write(folder, "a.csv", "body,label\na,1\n");

        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.parse("text", null), null))
                .isInstanceOf(UserException.class)
                .hasMessage("%s has no column \"text\"; its columns are body, label.", file);
    }

    @Test
    void missingSecondTextColumn() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,1\n");

        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.parse("text,other", null), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no column \"other\"");
    }

    @Test
    void noUsualTextColumn() {
        refused(DataFixtures.write(folder, "a.jsonl", "{\"a\":\"x\",\"b\":1}\n"), "--text", "its columns are a, b");
    }

    @Test
    void missingTextInARow() {
        refused(DataFixtures.write(folder, "a.jsonl", "{\"text\":\"a\"}\n{\"text\":null}\n"), "Row 2", "text");
        refused(
                DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text UNION ALL SELECT NULL"),
                "Row 2",
                "a.parquet");
    }

    @Test
    void emptyTextInARow() {
        for (String blank : List.of("", "  ", "\u00a0\t", "\"\"", "\"\n\"")) {
            refused(
                    DataFixtures.write(folder, "a.csv", "text,label\na,1\n" + blank + ",0\n"),
                    "Row 2",
                    "no text in column \"text\"",
                    "leave the row out");
        }
        refused(DataFixtures.write(folder, "a.jsonl", "{\"text\":\"\"}\n"), "Row 1", "no text");
    }

    @Test
    void columnsOfASampleTask() {
        for (ColumnMapping columns : List.of(ColumnMapping.parse("nope", null), ColumnMapping.parse(null, "label"))) {
            DataSource source = new DataSource(SampleTasks.DEFINITIONS, columns, 4, Split.TRAIN);

            assertThatThrownBy(() -> new DatasetReader().read(source, LabelUse.IGNORE, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(SampleTasks.DEFINITIONS)
                    .hasMessageContaining("leave out --text, --label and --image");
        }
    }

    @Test
    void manyColumnsAreNotAllListed() {
        String header = IntStream.range(0, 500).mapToObj(i -> "c" + i).collect(Collectors.joining(","));

        refused(DataFixtures.write(folder, "a.csv", header + "\n"), "c9 and 490 more");
    }

    @Test
    void rowWithTooManyFields() {
        refused(
                DataFixtures.write(folder, "a.tsv", "text\tlabel\na\t1\nb\t0\tc\n"),
                "a.tsv: line 3 is broken, it has 3 columns, the header 2");
    }

    @Test
    void rowWithTooFewFields() {
        refused(
                DataFixtures.write(folder, "a.csv", "text,label\na\nb,1\n"),
                "line 2 is broken, it has 1 column, the header 2");
    }

    /** DuckDB makes a row of it, as of a line with it. */
    @Test
    void nullInsteadOfAnObjectIsARowWithoutText() {
        String row = "{\"text\": \"null\", \"label\": null}";
        for (String content : List.of(
                "[%s, null, %s]".formatted(row, row), "[%s,null]".formatted(row), "%s\nnull\n%s".formatted(row, row))) {
            refused(DataFixtures.write(folder, "a.json", content), "Row 2 of ", "has no text in column \"text\"");
        }
        refused(DataFixtures.write(folder, "a.json", "[null, %s]".formatted(row)), "Row 1 of ", "has no text");
        refused(DataFixtures.write(folder, "a.jsonl", row + "\nnull\n"), "Row 2 of ", "has no text");
        refused(DataFixtures.write(folder, "b.json", "[null]"), "b.json", "not every row is a JSON object");
    }

    @Test
    void openQuoteInCsv() {
        refused(DataFixtures.write(folder, "a.csv", "text,label\n\"a,1\nb,2\n"), "line 2", "never closed");
    }

    @Test
    void textThatIsNotUtf8() throws IOException {
        Path file = folder.resolve("a.csv");
        Files.write(file, "text,label\nh\u00e9,1\n".getBytes(StandardCharsets.ISO_8859_1));

        refused(file, "not UTF-8", "line 2", "save it as UTF-8");
    }

    @Test
    void textThatIsNotUtf8FarBehind() throws IOException {
        Path file = folder.resolve("a.csv");
        String rows = "text,label\n" + "fine,1\n".repeat(50_000) + "h\u00e9,1\n";
        Files.write(file, rows.getBytes(StandardCharsets.ISO_8859_1));

        refused(file, "line 50002", "not UTF-8");
    }

    @Test
    void utf16AndBinaryFiles() throws IOException {
        for (String name : List.of("a.tsv", "a.csv", "a.jsonl", "a.json")) {
            for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
                Path file = folder.resolve(name);
                String mark = charset == StandardCharsets.UTF_16LE ? "\uFEFF" : "";
                Files.write(file, (mark + "text,label\na,1\n").getBytes(charset));

                refused(file, "is UTF-16", "save it as UTF-8");
            }
            Path file = folder.resolve(name);
            Files.write(file, new byte[] {'P', 'K', 3, 4, 20, 0, 6, 0, 8, 0});
            refused(file, "not UTF-8", "line 1 holds a zero byte", "save it as UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tsv", "a.csv", "a.jsonl"})
    void zeroByteBehindTheBeginning(String name) {
        boolean json = name.endsWith("jsonl");
        String row = json ? "{\"text\":\"fine\"}\n" : "fine\n";
        Path file =
                DataFixtures.write(folder, name, (json ? "" : "text\n") + row.repeat(20_000) + row.replace("n", "\0"));

        refused(file, json ? "Malformed JSON" : "line 20002 holds a zero byte");
    }

    @Test
    void blanksBesideQuotesOfCsv() {
        String before = "text,label\n\"a\",1\n";
        refused(
                DataFixtures.write(folder, "a.csv", before + "0, \"a, b\"\n"),
                "a.csv: line 3 has a blank before a quote; take it out, or put the whole cell in quotes");
        refused(DataFixtures.write(folder, "b.csv", before + " \"a\",1\r\n"), "line 3 has a blank before a quote");
        refused(DataFixtures.write(folder, "c.csv", before + "\"a\" ,1\n"), "line 3 has a blank after a quote");

        Path file = DataFixtures.write(folder, "d.csv", "\"text\", \"label\"\n  \"a\",1\nb \"c\", 1\n\" d \",1\n");
        assertThat(DataFixtures.read(file).texts()).containsExactly("  \"a\"", "b \"c\"", " d ");
    }

    @Test
    void pipeInsteadOfFile() throws Exception {
        Path pipe = folder.resolve("a.csv");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();

        refused(pipe, "is not a regular file");
    }

    @Test
    void jsonThatHoldsNoObjects() {
        refused(DataFixtures.write(folder, "a.jsonl", "\n \n\n"), "a.jsonl is empty");
        refused(DataFixtures.write(folder, "a.json", " [ ]\n"), "a.json is empty");
        refused(DataFixtures.write(folder, "a.jsonl", "1\n2\n"), "a.jsonl does not begin with a JSON object");
        refused(DataFixtures.write(folder, "a.json", "[1, 2]"), "not every row is a JSON object");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"text\":\"a\"}\n5\n"), "not every row is a JSON object");
        refused(DataFixtures.write(folder, "a.jsonl", "{}\n"), "not every row is a JSON object with columns");
        refused(DataFixtures.write(folder, "a.jsonl", "[{\"text\":\"a\"}]\n"), "an object a line", ".json");
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"text\":\"a\"}\n".repeat(150_000) + "[1]\n"),
                "line 150001 is no JSON object");
    }

    @Test
    void brokenJson() {
        refused(DataFixtures.write(folder, "a.jsonl", "{\"text\":\"a\"}\n{\"text\":\n"), "a.jsonl", "Malformed JSON");
        refused(DataFixtures.write(folder, "a.json", "[1, 2]"), "a.json");
    }

    @Test
    void brokenParquet() {
        refused(DataFixtures.write(folder, "a.parquet", "PAR1 this is no parquet file at all PAR1"), "a.parquet");
        refused(DataFixtures.write(folder, "b.parquet", "PAR1"), "b.parquet");
    }

    @Test
    void truncatedParquet() throws IOException {
        Path whole = DataFixtures.parquet(folder, "a.parquet", "SELECT 'row ' || i AS text FROM range(9999) r(i)");
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.parquet");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

        refused(cut, "cut.parquet");
    }

    @Test
    void unknownSampleTask() {
        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of("sample:nonsense"), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("sample:nonsense")
                .hasMessageContaining(SampleTasks.DEFINITIONS);
    }

    @Test
    void numberOfSamplesBelowOne() {
        assertThatThrownBy(() -> new DataSource("a.csv", ColumnMapping.DEFAULTS, 0, Split.TRAIN))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void textColumnsThatNameNothing() {
        assertThatThrownBy(() -> ColumnMapping.parse("a,", null)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> ColumnMapping.parse("a,b,c", null)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> ColumnMapping.parse(null, " ")).isInstanceOf(UserException.class);
    }
}
