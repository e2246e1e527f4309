package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/** Every way in which data can be wrong: one clear line that names the file and the thing. */
class BadDataTest {

    @TempDir
    Path folder;

    @Test
    void missingFile() {
        refused(folder.resolve("no.tsv"), "There is no data file", "no.tsv");
    }

    @Test
    void folderInsteadOfFile() {
        refused(folder, "is a folder");
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

    @Test
    void twoColumnsOfOneName() {
        refused(DataFixtures.write(folder, "a.csv", "text,text\na,b\n"), "two columns named \"text\"");
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
    void missingLabelColumnThatWasAskedFor() {
        Path file = DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, 1 AS y");

        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.parse(null, "label"), null))
                .isInstanceOf(UserException.class)
                .hasMessage("%s has no column \"label\"; its columns are text, y.", file);
    }

    @Test
    void noUsualTextColumn() {
        refused(DataFixtures.write(folder, "a.jsonl", "{\"a\":\"x\",\"b\":1}\n"), "--text", "its columns are a, b");
    }

    @Test
    void noUsualLabelColumnWhereOneIsNeeded() {
        Path file = DataFixtures.write(folder, "a.csv", "text,y\na,1\n");

        assertThatThrownBy(() -> DataFixtures.read(file, LabelUse.CLASSES))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--label")
                .hasMessageContaining("text, y");
        assertThatThrownBy(() -> DataFixtures.read(file).requireLabels())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("text, y");
    }

    @Test
    void missingLabelInARow() {
        refused(DataFixtures.write(folder, "a.tsv", "text\tlabel\na\t1\nb\t\n"), "Row 2", "a.tsv", "label");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"text\":\"a\",\"label\":null}\n"), "Row 1", "label");
        refused(
                DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, 'nan'::DOUBLE AS label"),
                "Row 1",
                "label");
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
    void negativeClass() {
        refused(DataFixtures.write(folder, "a.csv", "text,label\na,0\nb,-1\n"), "Label -1", "row 2");
    }

    @Test
    void fractionalClass() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,0.5\n");

        assertThatThrownBy(() -> DataFixtures.read(file, LabelUse.CLASSES))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Label 0.5 in row 1");
    }

    @Test
    void namesWhereNumbersAreNeeded() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,1\nb,good\n");

        assertThatThrownBy(() -> DataFixtures.read(file, LabelUse.NUMBERS))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"good\" in row 2");
    }

    @Test
    void rowWithTooManyFields() {
        refused(
                DataFixtures.write(folder, "a.tsv", "text\tlabel\na\t1\nb\t0\tc\n"),
                "a.tsv: line 3 is broken, it has 3 columns, the header 2");
    }

    @Test
    void rowWithTooFewFields() {
        refused(DataFixtures.write(folder, "a.csv", "text,label\na\nb,1\n"), "line 2 is broken, it has 1 columns");
    }

    @Test
    void openQuoteInCsv() {
        refused(DataFixtures.write(folder, "a.csv", "text,label\n\"a,1\nb,2\n"), "line 2", "never closed");
    }

    @Test
    void textThatIsNotUtf8() throws IOException {
        Path file = folder.resolve("a.csv");
        Files.write(file, "text,label\nh\u00e9,1\n".getBytes(StandardCharsets.ISO_8859_1));

        refused(file, "line 2", "not UTF-8");
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
    void emptyRowOfTokens() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[]}\n"),
                "Row 2",
                "no tokens");
    }

    @Test
    void tokensThatAreNoWholeNumbers() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[1.5]}\n"),
                "Row 2",
                "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1, null]}\n"), "Row 1", "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":\"7\"}\n"), "Row 1", "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"text\":\"a\"}\n"), "Row 2", "input_ids");
    }

    @Test
    void listsOfOtherLengthThanTheTokens() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2],\"labels\":[1]}\n"),
                "Row 1",
                "1 labels for 2 input_ids");
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2],\"token_type_ids\":[0,0,0]}\n"),
                "3 token_type_ids for 2 input_ids");
    }

    @Test
    void tokenLabelsThatAreNotLists() {
        refused(
                DataFixtures.write(
                        folder,
                        "a.jsonl",
                        "{\"input_ids\":[1,2],\"labels\":[1,2]}\n{\"input_ids\":[3],\"labels\":3}\n"),
                "Row 2",
                "labels");
    }

    @Test
    void paddedRows() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,0],\"attention_mask\":[1,0]}\n"),
                "Row 1",
                "padded");
    }

    @Test
    void tokenOutsideTheVocabulary() {
        Path file = DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2]}\n{\"input_ids\":[3,99]}\n");
        Dataset data = DataFixtures.read(file);

        assertThat(TokenizedDataset.of(data, 100, 2).size()).isEqualTo(2);
        assertThatThrownBy(() -> TokenizedDataset.of(data, 99, 2))
                .isInstanceOf(UserException.class)
                .hasMessage("Token id 99 in row 2 of %s is outside the model's vocabulary (0 to 98).", file);
        Path negative = DataFixtures.write(folder, "b.jsonl", "{\"input_ids\":[-1]}\n");
        assertThatThrownBy(() -> TokenizedDataset.of(DataFixtures.read(negative), 99, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Token id -1 in row 1");
    }

    @Test
    void rowLongerThanThePositions() {
        Path file = DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[3,4,5]}\n");

        assertThatThrownBy(() -> TokenizedDataset.of(DataFixtures.read(file), 99, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Row 2 of " + file)
                .hasMessageContaining("3 tokens")
                .hasMessageContaining("2 positions");
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
        assertThatThrownBy(() -> new DataSource("a.csv", ColumnMapping.USUAL, 0, Split.TRAIN))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void textColumnsThatNameNothing() {
        assertThatThrownBy(() -> ColumnMapping.parse("a,", null)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> ColumnMapping.parse("a,b,c", null)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> ColumnMapping.parse(null, " ")).isInstanceOf(UserException.class);
    }

    private static void refused(Path file, String... parts) {
        Throwable thrown = catchThrowable(() -> DataFixtures.read(file));
        assertThat(thrown).isInstanceOf(UserException.class);
        assertThat(thrown.getMessage())
                .doesNotContain("\n")
                .contains(file.getFileName().toString())
                .contains(parts)
                .hasSizeLessThan(400);
    }
}
