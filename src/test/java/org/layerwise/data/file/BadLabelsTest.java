package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.data.DataFixtures.refused;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;

/** Every way in which labels can be wrong: one clear line that names the row or the column. */
class BadLabelsTest {

    @TempDir
    Path folder;

    @Test
    void missingLabelColumnThatWasAskedFor() {
        Path file = DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, 1 AS y");

        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.parse(null, "label"), null))
                .isInstanceOf(UserException.class)
                .hasMessage("%s has no column \"label\"; its columns are text, y.", file);
    }

    @Test
    void bytesAreNoLabels() {
        refused(
                DataFixtures.parquet(folder, "b.parquet", "SELECT 'a' AS text, '\\xFF\\xFE'::BLOB AS label"),
                "Column \"label\"",
                "holds bytes and no labels, which are numbers or names; name another column with --label.");
    }

    @Test
    void numbersBesideNamesAreASlip() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,0\nb,1\nc,positive\n");

        for (LabelUse use : List.of(LabelUse.AUTO, LabelUse.CLASSES)) {
            assertThatThrownBy(() -> DataFixtures.read(file, use))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "Column \"label\" of %s mixes numbers (\"0\") and names (\"positive\"); make all its labels the one or the other.",
                            file);
        }
    }

    @Test
    void twoSpellingsOfOneClassAreRefused() {
        for (String other : List.of("01", "+1")) {
            Path file = DataFixtures.write(
                    folder,
                    "a.jsonl",
                    "{\"text\": \"a\", \"label\": \"1\"}\n{\"text\": \"b\", \"label\": \"%s\"}\n".formatted(other));

            assertThatThrownBy(() -> DataFixtures.read(file, LabelUse.CLASSES))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "Label 1 in row 1 of %s and %s in row 2 of %s are the same class; write each class in one way, or name it in letters.",
                            file, other, file);
        }
        Path numbers = DataFixtures.write(folder, "a.csv", "text,label\na,1\nb,1.0\n");
        assertThat(DataFixtures.read(numbers, LabelUse.CLASSES).labels().counts())
                .hasSize(1);
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
    }

    @Test
    void notANumberIsNoLabel() {
        refused(
                DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, 'nan'::DOUBLE AS label"),
                "nan in row 1",
                "is no label");
    }

    @Test
    void labelsTooLargeForClasses() {
        for (String label : List.of("10000", "1000000000", "123456789012345678901234567890")) {
            Path file = DataFixtures.write(folder, "a.csv", "text,label\na,9999\nb,%s\n".formatted(label));

            refused(file, "Label " + label + " in row 2", "--task regression", "number the classes from 0");
            assertThat(DataFixtures.read(file, LabelUse.NUMBERS).size()).isEqualTo(2);
            assertThat(DataFixtures.read(file, LabelUse.IGNORE).size()).isEqualTo(2);
        }
        Path most = DataFixtures.write(folder, "b.csv", "text,label\na,9999\n");
        assertThat(((Labels.Classes) DataFixtures.read(most).labels()).count()).isEqualTo(10_000);
    }

    @Test
    void aNameARowIsNoClass() {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int row = 0; row <= 10_000; row++) {
            csv.append("a,name").append(row).append('\n');
        }
        refused(DataFixtures.write(folder, "a.csv", csv.toString()), "10001 different names", "--label");
    }

    @Test
    void objectsAndListsForLabels() {
        refused(
                DataFixtures.write(
                        folder, "a.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":{\"k\":1}}\n"),
                "Label {\"k\":1} in row 2",
                "an object");
        refused(
                DataFixtures.write(folder, "a.json", "[{\"text\":\"a\",\"label\":[\"x\",\"y\"]}]"),
                "in row 1",
                "a list");
        refused(
                DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, {'k': 1} AS label"),
                "Column \"label\"",
                "objects");
        refused(DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, MAP {'k': 1} AS label"), "objects");
        refused(DataFixtures.parquet(folder, "a.parquet", "SELECT 'a' AS text, ['x', 'y'] AS label"), "lists");
        refused(DataFixtures.parquet(folder, "a.parquet", "SELECT [1] AS input_ids, {'k': 1} AS labels"), "objects");
    }

    @Test
    void missingLabelColumnThatWasAskedForWhereLabelsAreIgnored() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,1\n");
        DataSource source = new DataSource(file.toString(), ColumnMapping.parse(null, "nope"), null, Split.TRAIN);

        assertThatThrownBy(() -> new DatasetReader().read(source, LabelUse.IGNORE, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("%s has no column \"nope\"; its columns are text, label.", file);
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
}
