package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.data.DataFixtures.refused;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/** Lists and objects of JSON where a text is read: their JSON text is no text that somebody wrote. */
class NestedTextsTest {

    @TempDir
    Path folder;

    private Path lines(String... rows) {
        return DataFixtures.write(folder, "a.jsonl", String.join("\n", rows) + "\n");
    }

    @Test
    void listsAndObjectsAreNoText() {
        assertThatThrownBy(() -> DataFixtures.read(lines("{\"text\":[\"a\",\"b\"],\"label\":1}")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 1 of %s holds a list in column \"text\" and no text; write it as one text, or name another column with --text.",
                        folder.resolve("a.jsonl"));
        for (String nested : new String[] {"[\"a\"]", "[]", "{}", " {\"k\": 1}"}) {
            Path mixed = lines("{\"text\":\"x\"}", "{\"text\":null}", "{\"text\":" + nested + "}");
            refused(mixed, "Row 3 of ", nested.contains("[") ? "holds a list" : "holds an object");
        }
        Path array = DataFixtures.write(folder, "a.json", "[{\"text\":\"x\"}, {\"text\":{\"en\":\"y\"}}]");
        refused(array, "Row 2 of ", "holds an object");
    }

    @Test
    void thePlainJsonOfPandasIsOneRowOfObjects() {
        Path file = DataFixtures.write(
                folder, "p.json", "{\"text\":{\"0\":\"a\",\"1\":\"b\"},\"label\":{\"0\":1,\"1\":0}}");
        refused(file, "Row 1 of ", "holds an object in column \"text\"");
    }

    @Test
    void theSecondTextOfAPairAndAnAnswerAreTexts() {
        refused(lines("{\"sentence1\":\"a\",\"sentence2\":[\"b\"]}"), "Row 1 of ", "column \"sentence2\"");
        Path answers = lines("{\"question\":\"Who?\",\"answer\":[\"Alice\",\"Bob\"]}");
        assertThatThrownBy(() -> read(answers, TaskPreset.INSTRUCTION))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Row 1 of %s holds a list in column \"answer\"", answers);
    }

    @Test
    void chunksAreCheckedAsWell() {
        Path file = lines("{\"text\":\"x\"}", "{\"text\":[]}");
        assertThatThrownBy(() -> {
                    try (DatasetChunks chunks = new DatasetReader()
                            .chunks(DataSource.of(file.toString()), LabelUse.AUTO, 1, Progress.none())) {
                        chunks.forEachRemaining(chunk -> {});
                    }
                })
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Row 2 of ");
    }

    @Test
    void rowsAndColumnsThatAreNotReadMayHoldAnything() {
        Path file = lines("{\"text\":\"x\",\"meta\":{\"a\":[1]}}", "{\"text\":[1],\"meta\":[]}");
        assertThat(DataFixtures.read(file, ColumnMapping.DEFAULTS, 1).texts()).containsExactly("x");
    }

    @Test
    void textsThatLookLikeListsAreTexts() {
        Path file = lines(
                "{\"text\":\"[1]\"}",
                "{\"text\":\"{\\\"a\\\": 1}\"}",
                "{\"text\":\"\\\"\\\\ \\u00e9\\n\"}",
                "{\"text\":1.50}",
                "{\"text\":true}",
                "{\"text\":\"null\"}");
        assertThat(DataFixtures.read(file).texts())
                .containsExactly("[1]", "{\"a\": 1}", "\"\\ \u00e9\n", "1.5", "true", "null");
    }

    @Test
    void conversationsAreListsOfObjects() {
        Path file = lines("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(read(file, TaskPreset.CHAT).texts()).containsExactly("[{\"role\":\"user\",\"content\":\"Hi\"}]");
    }

    private static Dataset read(Path file, TaskPreset preset) {
        return new DatasetReader()
                .read(
                        new DataSource(file.toString(), ColumnMapping.DEFAULTS, null, Split.TRAIN).withPreset(preset),
                        LabelUse.IGNORE,
                        Progress.none());
    }
}
