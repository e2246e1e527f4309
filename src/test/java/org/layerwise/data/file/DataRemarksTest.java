package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/** Remarks on files that are read, but perhaps not as their author means them. */
class DataRemarksTest {

    @TempDir
    Path folder;

    private static List<String> remarks(Path file, ColumnMapping columns, @Nullable TaskPreset preset, LabelUse use) {
        List<String> remarks = new ArrayList<>();
        DataSource source = new DataSource(file.toString(), columns, null, Split.TRAIN).withPreset(preset);
        new DatasetReader().read(source, use, Progress.none().noting(remarks::add));
        return remarks;
    }

    @Test
    void columnsThatAPresetDoesNotUse() {
        Path math = DataFixtures.write(
                folder,
                "math.jsonl",
                "{\"problem\":\"1+1?\",\"level\":\"1\",\"type\":\"sums\",\"input\":\"\",\"solution\":\"2\"}\n"
                        .repeat(2));
        assertThat(remarks(math, ColumnMapping.DEFAULTS, TaskPreset.INSTRUCTION, LabelUse.IGNORE))
                .containsExactly(
                        "Columns of %s that the preset instruction does not use: level, type.".formatted(math));
        assertThat(remarks(math, ColumnMapping.parse("problem,solution", null), TaskPreset.INSTRUCTION, LabelUse.AUTO))
                .as("who names the columns knows of the others")
                .isEmpty();
        Path chats = DataFixtures.parquet(
                folder,
                "c.parquet",
                "SELECT [{'role': 'user', 'content': 'Hi'}] AS messages, 1 AS id, 'web' AS source");
        assertThat(remarks(chats, ColumnMapping.DEFAULTS, TaskPreset.CHAT, LabelUse.AUTO))
                .containsExactly("Columns of %s that the preset chat does not use: source.".formatted(chats));
        Path glue = DataFixtures.write(folder, "sst2.csv", "sentence,label,genre\na,1,x\n");
        assertThat(remarks(glue, ColumnMapping.DEFAULTS, TaskPreset.SST2, LabelUse.AUTO))
                .isEmpty();
    }

    @Test
    void labelsThatOtherProgramsReadAsMissing() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,good\nb,NA\nc,None\nd,bad\ne,NA\nf,Nana\n");
        assertThat(remarks(file, ColumnMapping.DEFAULTS, null, LabelUse.AUTO))
                .containsExactly(
                        "Column \"label\" of %s names classes that other programs read as a missing label (\"NA\" in 2 rows, \"None\" in 1 row); leave these rows out if they have no label."
                                .formatted(file));
        assertThat(remarks(file, ColumnMapping.DEFAULTS, null, LabelUse.IGNORE)).isEmpty();
        Path lines = DataFixtures.write(
                folder, "a.jsonl", "{\"text\":\"a\",\"label\":\"NA\"}\n{\"text\":\"a\",\"label\":\"EU\"}\n");
        assertThat(remarks(lines, ColumnMapping.DEFAULTS, null, LabelUse.AUTO))
                .as("JSON has null for what is missing")
                .isEmpty();
    }
}
