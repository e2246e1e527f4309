package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.file.DatasetReader;

/** Every GLUE task in GLUE's own layout, in HuggingFace's, and as JSON Lines; the sentences are invented. */
class TaskPresetTest {

    @TempDir
    Path folder;

    private Dataset read(Path location, TaskPreset preset, LabelUse use) {
        return read(location, preset, use, Split.TRAIN);
    }

    private static Dataset read(Path location, TaskPreset preset, LabelUse use, Split split) {
        DataSource source = new DataSource(location.toString(), ColumnMapping.DEFAULTS, null, split).withPreset(preset);
        return new DatasetReader().read(source, use, Progress.none());
    }

    private static List<Integer> classes(Dataset data) {
        return Arrays.stream(((Labels.Classes) data.labels()).values()).boxed().toList();
    }

    @Test
    void colaHasNoHeader() {
        Path file = DataFixtures.write(
                folder,
                "train.tsv",
                "zz01\t1\t\tThe lamp \"glows\".\nzz01\t0\t*\tLamp the glows.\nzz02\t1\t\tIt rains.\n");
        Dataset data = read(file, TaskPreset.COLA, LabelUse.CLASSES);
        assertThat(data.texts()).containsExactly("The lamp \"glows\".", "Lamp the glows.", "It rains.");
        assertThat(classes(data)).containsExactly(1, 0, 1);
        assertThat(data.place(0)).isEqualTo("row 1 of " + file);
    }

    @Test
    void sst2KeepsQuotesAndTrailingSpaces() {
        Path file = DataFixtures.write(folder, "train.tsv", "sentence\tlabel\na \"fine mess \t0\nlovely \t1\n");
        Dataset data = read(file, TaskPreset.SST2, LabelUse.AUTO);
        assertThat(data.texts()).containsExactly("a \"fine mess ", "lovely ");
        assertThat(classes(data)).containsExactly(0, 1);
    }

    @Test
    void mrpcNamesItsColumnsStrangely() {
        Path file = DataFixtures.write(
                folder,
                "train.tsv",
                "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t5\t6\tHe \"ran.\tHe was running.\n0\t7\t8\tA.\tB.\n");
        Dataset data = read(file, TaskPreset.MRPC, LabelUse.CLASSES);
        assertThat(data.texts()).containsExactly("He \"ran.", "A.");
        assertThat(data.secondTexts()).containsExactly("He was running.", "B.");
        assertThat(classes(data)).containsExactly(1, 0);
    }

    @Test
    void qqpLeavesOutLinesWithTooFewFieldsAsHuggingFaceDoes() {
        Path file = DataFixtures.write(
                folder,
                "train.tsv",
                "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
                        + "1\t2\t3\tWhy?\tHow so?\t1\n4\t5\t6\tBroken off\n7\t8\t9\tWho?\tWhen?\t0\n");
        Dataset data = read(file, TaskPreset.QQP, LabelUse.CLASSES);
        assertThat(data.texts()).containsExactly("Why?", "Who?");
        assertThat(classes(data)).containsExactly(1, 0);
        assertThat(data.number(1)).isEqualTo(3);
        assertThatThrownBy(() -> DataFixtures.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void stsbIsANumber() {
        Path file = DataFixtures.write(
                folder,
                "train.tsv",
                "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n"
                        + "0\tg\tf\t2012\t1\tnone\tnone\tA cat.\tA dog.\t1.250\n1\tg\tf\t2012\t2\tnone\tnone\tX.\tX.\t5\n");
        Labels labels = read(file, TaskPreset.STSB, LabelUse.AUTO).labels();
        assertThat(((Labels.Numbers) labels).values()).containsExactly(1.25, 5);
    }

    @Test
    void mnliHasTheNumbersOfHuggingFaceAndTwoValidations() {
        String head = "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse"
                + "\tsentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label\n";
        String row = "0\t1\t1n\tg\t( a )\t( b )\t(R a)\t(R b)\t%s\tSo.\tneutral\t%s\n";
        DataFixtures.write(
                folder,
                "train.tsv",
                head
                        + row.formatted("A", "contradiction")
                        + row.formatted("B", "entailment")
                        + row.formatted("C", "neutral"));
        DataFixtures.write(folder, "dev_matched.tsv", head + row.formatted("M", "neutral"));
        DataFixtures.write(folder, "dev_mismatched.tsv", head + row.formatted("N", "entailment"));
        Dataset train = read(folder, TaskPreset.MNLI, LabelUse.CLASSES);
        assertThat(train.texts()).containsExactly("A", "B", "C");
        assertThat(classes(train)).containsExactly(2, 0, 1);
        assertThat(train.labels().text(0)).isEqualTo("contradiction");
        assertThat(read(folder, TaskPreset.MNLI, LabelUse.CLASSES, Split.VALIDATION)
                        .texts())
                .containsExactly("M");
        assertThat(read(folder, TaskPreset.MNLI_MISMATCHED, LabelUse.CLASSES, Split.VALIDATION)
                        .texts())
                .containsExactly("N");
        assertThat(read(folder, TaskPreset.MNLI_MISMATCHED, LabelUse.IGNORE).size())
                .isEqualTo(3);
    }

    @Test
    void qnliAndRteAndWnli() {
        Path qnli = DataFixtures.write(
                folder,
                "qnli.tsv",
                "index\tquestion\tsentence\tlabel\n0\tWho?\tShe.\tnot_entailment\n1\tA?\tB.\tentailment\n");
        assertThat(classes(read(qnli, TaskPreset.QNLI, LabelUse.CLASSES))).containsExactly(1, 0);
        Path rte = DataFixtures.write(
                folder,
                "rte.tsv",
                "index\tsentence1\tsentence2\tlabel\n0\tA.\tB.\tentailment\n1\tC.\tD.\tnot_entailment\n");
        assertThat(classes(read(rte, TaskPreset.RTE, LabelUse.CLASSES))).containsExactly(0, 1);
        Path wnli = DataFixtures.write(
                folder, "wnli.tsv", "index\tsentence1\tsentence2\tlabel\n0\tA.\tB.\t1\n1\tC.\tD.\t0\n");
        assertThat(classes(read(wnli, TaskPreset.WNLI, LabelUse.CLASSES))).containsExactly(1, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskPreset.class,
            names = {"INSTRUCTION", "CHAT", "SCIENCE_QA"},
            mode = EnumSource.Mode.EXCLUDE)
    void huggingFacesParquetAndJson(TaskPreset preset) throws IOException {
        TaskPreset.Layout layout = preset.layouts().get(preset.layouts().size() - 1);
        String second = layout.second() == null ? "" : ", 'b' || i AS \"%s\"".formatted(layout.second());
        String query = "SELECT 'a' || i AS \"%s\"%s, %s AS label, i::INTEGER AS idx FROM range(6) t(i)"
                .formatted(layout.first(), second, preset.numbers() ? "(i / 2)::FLOAT" : "(i % 2)::BIGINT");
        Path inside =
                Files.createDirectory(folder.resolve(preset == TaskPreset.MNLI_MISMATCHED ? "mnli" : preset.id()));
        DataFixtures.parquet(inside, "train-00000-of-00002.parquet", query);
        DataFixtures.parquet(inside, "train-00001-of-00002.parquet", query.replace("'a'", "'z'"));
        Dataset parquet = read(folder, preset, LabelUse.AUTO);
        assertThat(parquet.size()).isEqualTo(12);
        assertThat(parquet.name()).isEqualTo(preset.id());
        assertThat(parquet.texts().get(7)).isEqualTo("z1");
        assertThat(parquet.place(7)).isEqualTo("row 2 of " + inside.resolve("train-00001-of-00002.parquet"));
        if (preset.numbers()) {
            assertThat(((Labels.Numbers) parquet.labels()).of(3)).isEqualTo(1.5);
        } else {
            assertThat(classes(parquet)).startsWith(0, 1, 0, 1);
        }
        String line = "{\"%s\": \"a\", %s \"label\": 1, \"idx\": 3}\n"
                .formatted(layout.first(), layout.second() == null ? "" : "\"%s\": \"b\",".formatted(layout.second()));
        Dataset lines = read(DataFixtures.write(folder, "rows.jsonl", line + line), preset, LabelUse.AUTO);
        assertThat(lines.size()).isEqualTo(2);
        assertThat(lines.paired()).isEqualTo(layout.second() != null);
    }

    @Test
    void instructionsUnderTheirThreeNames() {
        for (List<String> names : List.of(
                List.of("instruction", "output"), List.of("query", "response"), List.of("question", "answer"))) {
            Path file = DataFixtures.write(
                    folder,
                    names.get(0) + ".jsonl",
                    "{\"type\": \"t\", \"%s\": \"Add 1 and 2.\", \"%s\": \"3\"}\n"
                            .formatted(names.get(0), names.get(1)));
            Dataset data = read(file, TaskPreset.INSTRUCTION, LabelUse.AUTO);
            assertThat(data.form()).isEqualTo(TextForm.INSTRUCTION);
            assertThat(data.texts()).containsExactly("Add 1 and 2.");
            assertThat(data.secondTexts()).containsExactly("3");
        }
    }

    @Test
    void anInstructionWithoutAnOutputNamesItsRow() {
        Path file = DataFixtures.write(
                folder,
                "a.jsonl",
                "{\"instruction\": \"A\", \"output\": \"B\"}\n{\"instruction\": \"C\", \"output\": \"\"}\n");
        assertThatThrownBy(() -> read(file, TaskPreset.INSTRUCTION, LabelUse.IGNORE))
                .isInstanceOf(UserException.class)
                .hasMessage("Row 2 of %s has no output in column \"output\"; fill it in or leave the row out.", file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "input",
                "Context",
                "system",
                "history",
                "passage",
                "choices",
                "options",
                "article",
                "document",
                "hint",
                "evidence"
            })
    void anInstructionIsNotReadWithoutItsInput(String column) {
        String empty = "{\"instruction\": \"A\", \"%s\": \"\", \"output\": \"B\"}\n".formatted(column);
        Path without = DataFixtures.write(folder, "without.jsonl", empty);
        assertThat(read(without, TaskPreset.INSTRUCTION, LabelUse.IGNORE).texts())
                .containsExactly("A");

        Path file = DataFixtures.write(folder, "a.jsonl", empty + empty.replace("\"\"", "\"oak\""));
        assertThatThrownBy(() -> read(file, TaskPreset.INSTRUCTION, LabelUse.IGNORE))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 2 of %s has more of its instruction in column \"%s\", which the prompt has no place for; add it to \"instruction\", or leave it out by --text instruction,output.",
                        file, column);
        DataSource named = new DataSource(
                        file.toString(), ColumnMapping.parse("instruction,output", null), null, Split.TRAIN)
                .withPreset(TaskPreset.INSTRUCTION);
        assertThat(new DatasetReader()
                        .read(named, LabelUse.IGNORE, Progress.none())
                        .texts())
                .containsExactly("A", "A");
    }

    @Test
    void anInstructionMayHaveAnEmptyListOfEarlierTurns() {
        Path parquet = DataFixtures.parquet(
                folder,
                "a.parquet",
                "SELECT 'A' AS instruction, 'B' AS output, '' AS system, unnest([[]::VARCHAR[][], NULL]) AS history");
        assertThat(read(parquet, TaskPreset.INSTRUCTION, LabelUse.IGNORE).texts())
                .containsExactly("A", "A");
        Path lines = DataFixtures.write(
                folder,
                "a.jsonl",
                "{\"instruction\": \"A\", \"output\": \"B\", \"history\": []}\n"
                        + "{\"instruction\": \"A\", \"output\": \"B\", \"history\": [[\"C\", \"D\"]]}\n");
        assertThatThrownBy(() -> read(lines, TaskPreset.INSTRUCTION, LabelUse.IGNORE))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Row 2 of %s has more of its instruction in column \"history\"", lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "Tools"})
    void aConversationIsNotReadWithoutItsSystemPromptOrTools(String column) {
        String empty =
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"A\"}, {\"from\": \"gpt\", \"value\": \"B\"}], \"%s\": \"\"}\n"
                        .formatted(column);
        Path without = DataFixtures.write(folder, "without.jsonl", empty);
        assertThat(read(without, TaskPreset.CHAT, LabelUse.AUTO).size()).isEqualTo(1);

        Path file = DataFixtures.write(folder, "a.jsonl", empty + empty.replace("\"\"", "\"Be brief.\""));
        assertThatThrownBy(() -> read(file, TaskPreset.CHAT, LabelUse.AUTO))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 2 of %s has more of its conversation in column \"%s\", which is not given to the chat template; add it to a turn of \"conversations\", or leave it out by --text conversations.",
                        file, column);
        DataSource named = new DataSource(
                        file.toString(), ColumnMapping.parse("conversations", null), null, Split.TRAIN)
                .withPreset(TaskPreset.CHAT);
        assertThat(new DatasetReader()
                        .read(named, LabelUse.AUTO, Progress.none())
                        .size())
                .isEqualTo(2);
    }

    @Test
    void renamedColumnsAreNamedWithTheNearestOne() {
        Path file = DataFixtures.write(folder, "a.tsv", "sentense\tlabel\nA\t1\n");
        assertThatThrownBy(() -> read(file, TaskPreset.SST2, LabelUse.AUTO))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s has not the columns of SST-2 (sentence, label); its columns are sentense, label, of which \"sentense\" comes nearest.",
                        file);
        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.parse("sentence", null), null))
                .hasMessageContaining("no column \"sentence\" (the nearest one is \"sentense\")");
    }

    @Test
    void aClassThatTheTaskDoesNotHave() {
        Path file = DataFixtures.write(folder, "a.tsv", "sentence\tlabel\nA\t1\nB\t2\n");
        assertThatThrownBy(() -> read(file, TaskPreset.SST2, LabelUse.AUTO))
                .hasMessageContaining("Label 2 in row 2 of")
                .hasMessageContaining("SST-2 (0 to 1)");
        Path mixed = DataFixtures.write(folder, "b.tsv", "sentence\tlabel\nA\t1\nB\tgood\n");
        assertThatThrownBy(() -> read(mixed, TaskPreset.SST2, LabelUse.AUTO))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("mixes numbers (\"1\") and names (\"good\")");
    }

    @Test
    void scienceQaTakesOnlyQuestionsWithAnImage() {
        Path file = DataFixtures.parquet(
                folder,
                "train.parquet",
                "SELECT * FROM (VALUES "
                        + "({'bytes': 'x'::BLOB, 'path': NULL::VARCHAR}, 'Which is red?', ['a fox', 'the sea'], 0, 'Look.'),"
                        + "(NULL, 'No picture?', ['yes', 'no'], 1, ''),"
                        + "({'bytes': 'y'::BLOB, 'path': 'y.png'}, 'Which is blue?', ['a fox', 'the sea', 'x'], 1, ''))"
                        + " t(image, question, choices, answer, hint)");
        Dataset data = read(file, TaskPreset.SCIENCE_QA, LabelUse.AUTO);
        assertThat(data.texts())
                .containsExactly(
                        "Context: Look.\nWhich is red?\nA. a fox\nB. the sea\nAnswer with the option's letter from the given choices directly.",
                        "Which is blue?\nA. a fox\nB. the sea\nC. x\nAnswer with the option's letter from the given choices directly.");
        assertThat(data.secondTexts()).containsExactly("A", "B");
        assertThat(data.images()).hasSize(2);
        assertThat(data.number(1)).isEqualTo(3);
    }

    @Test
    void conversationsFromParquetAndJson() {
        Path parquet = DataFixtures.parquet(
                folder,
                "a.parquet",
                "SELECT [{'role': 'user', 'content': 'Say \"hi\".'}, {'role': 'assistant', 'content': 'Hi.'}] AS messages");
        Path lines = DataFixtures.write(
                folder,
                "a.jsonl",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Say \\\"hi\\\".\"}, {\"role\": \"assistant\", \"content\": \"Hi.\"}]}\n");
        Dataset one = read(parquet, TaskPreset.CHAT, LabelUse.AUTO);
        assertThat(one.form()).isEqualTo(TextForm.CHAT);
        assertThat(one.texts().get(0)).contains("\"role\":\"user\"");
        assertThat(read(lines, TaskPreset.CHAT, LabelUse.AUTO).texts().get(0)).contains("Hi.");
    }

    @Test
    void nestedColumnsAndBytesAreNoText() {
        Path lists = DataFixtures.parquet(folder, "l.parquet", "SELECT ['a', 'b'] AS text");
        assertThatThrownBy(() -> DataFixtures.read(lists))
                .hasMessageContaining("\"text\"")
                .hasMessageContaining("lists and no text");
        Path objects = DataFixtures.parquet(folder, "o.parquet", "SELECT {'a': 1} AS text");
        assertThatThrownBy(() -> DataFixtures.read(objects)).hasMessageContaining("objects and no text");
        Path bytes = DataFixtures.parquet(folder, "b.parquet", "SELECT 'a'::BLOB AS text");
        assertThatThrownBy(() -> DataFixtures.read(bytes)).hasMessageContaining("bytes and no text");
    }

    @Test
    void aFolderWithoutTheWantedPartSaysWhatThereIs() {
        DataFixtures.write(folder, "train.tsv", "sentence\tlabel\nA\t1\n");
        assertThatThrownBy(() -> read(folder, TaskPreset.SST2, LabelUse.AUTO, Split.VALIDATION))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("validation")
                .hasMessageContaining("train.tsv");
    }
}
