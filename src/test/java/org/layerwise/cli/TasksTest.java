package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.data.prompt.Prompts;
import org.layerwise.testing.Golden;
import org.layerwise.testing.WordTokenizer;

/** Each task on the command line: a tiny model learns a few rows by heart, is measured, and says what it learnt. */
class TasksTest {

    private static final int UNKNOWN = 0;
    private static final int END = 2;
    private static final int IMAGE = 5;
    private static final int MARKER = 60;
    private static final int RESPONSE = 61;
    private static final int ASSISTANT = 62;
    private static final int LETTER_A = 63;
    private static final int LETTER_B = 64;
    private static final int VOCABULARY = 130;

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path adapter;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        adapter = folder.resolve("run").resolve("adapter");
    }

    @Test
    void classesOfSentencesAreLearnt() throws IOException {
        Path model = words("bert", 120);
        Path data = Files.writeString(
                folder.resolve("train.tsv"),
                "sentence\tlabel\n4 7 8 9\t1\n14 17 18\t0\n24 27 28\t1\n34 37 38\t0\n44 47 8\t1\n9 8 7\t0\n");
        List<String> rows = List.of("--model=" + model, "--data=" + data, "--preset=sst2");
        double before = evaluated(rows, "--adapter=" + train(rows, "--steps=1", "--lr=1e-9"))
                .path("loss")
                .asDouble();

        train(rows, "--steps=60", "--batch=6", "--lr=0.01", "--layers=1", "--validation=" + data);
        JsonNode after = evaluated(rows, "--adapter=" + adapter);

        assertThat(after.path("accuracy").asDouble()).isGreaterThan(0.8);
        assertThat(after.path("loss").asDouble())
                .isLessThan(before / 2)
                .isCloseTo(lastEvaluation("loss"), within(1e-6));
        assertThat(after.path("task_metrics").path(0).asText()).isEqualTo("accuracy");
    }

    @Test
    void theFilesOfAnAnalysisAreNamedByThePresetsTask() throws IOException {
        Path model = words("bert", 120);
        Path data = Files.writeString(
                folder.resolve("train.tsv"), "sentence\tlabel\n4 7 8 9\t1\n14 17 18\t0\n24 27 28\t1\n");
        List<String> flags = List.of(
                "analyze", "--reference", "--model=" + model, "--data=" + data, "--preset=sst2", "--device=cpu");
        Path byTask = folder.resolve("by-task");
        Path byName = folder.resolve("by-name");

        run(add(flags, "--out=" + byTask));
        run(add(flags, "--out=" + byName, "--name=mine"));

        assertThat(byTask.resolve("layers_to_finetune_ohe_bert_sst2.txt")).exists();
        assertThat(byTask.resolve("cka_layer_list_bert_sst2.txt")).exists();
        assertThat(byName.resolve("layers_to_finetune_ohe_bert_mine.txt")).exists();
    }

    @Test
    void bothKindsOfMnliAreLookedAtWhileItTrains() throws IOException {
        Path model = words("bert", 120);
        String head = "premise\thypothesis\tlabel\n";
        Path data = Files.writeString(
                folder.resolve("train.tsv"), head + "4 7\t8 9\t0\n14 17\t18\t1\n24\t27 28\t2\n34 37\t38\t1\n");
        Path matched = Files.writeString(folder.resolve("dev_matched.tsv"), head + "4 7\t8 9\t0\n14 17\t18\t1\n");
        Path mismatched =
                Files.writeString(folder.resolve("dev_mismatched.tsv"), head + "44 7\t8\t2\n9 17\t18\t1\n5\t6 7\t0\n");
        List<String> rows = List.of("--model=" + model, "--preset=mnli");

        train(
                add(rows, "--data=" + data, "--validation=%s,%s".formatted(matched, mismatched)),
                "--steps=30",
                "--lr=0.01");
        double first = lastEvaluation("loss");
        double second = lastEvaluation("mismatched_loss");
        JsonNode both = evaluated(rows, "--data=" + matched, "--mismatched=" + mismatched, "--adapter=" + adapter);

        assertThat(both.path("loss").asDouble()).isCloseTo(first, within(1e-6));
        assertThat(both.path("mismatched").path("loss").asDouble()).isCloseTo(second, within(1e-6));
        assertThat(both.path("mismatched").path("samples").asInt()).isEqualTo(3);
        assertThat(both.path("samples").asInt()).isEqualTo(2);
    }

    @Test
    void likenessOfSentencesIsLearntAsANumber() throws IOException {
        Path model = words("bert_regression", 64);
        Path data = Files.writeString(
                folder.resolve("train.tsv"),
                "sentence1\tsentence2\tscore\n4 7\t8 9\t0.5\n14 17\t18\t4.25\n24\t27 28\t2.0\n34 37\t38\t5.0\n");
        List<String> rows = List.of("--model=" + model, "--data=" + data, "--preset=stsb");

        train(rows, "--steps=80", "--batch=4", "--lr=0.01");
        JsonNode after = evaluated(rows, "--adapter=" + adapter, "--predictions=" + folder.resolve("rows.jsonl"));

        assertThat(after.path("pearson").asDouble()).isGreaterThan(0.98);
        assertThat(after.path("loss").asDouble()).isLessThan(0.2);
        assertThat(strings(after.path("task_metrics"))).containsExactly("pearson", "spearman");
        double squares = 0;
        List<JsonNode> predictions = lines(folder.resolve("rows.jsonl"));
        for (JsonNode row : predictions) {
            squares += Math.pow(
                    row.path("label").asDouble() - row.path("predicted").asDouble(), 2);
        }
        assertThat(after.path("loss").asDouble()).isCloseTo(squares / predictions.size(), within(1e-5));
    }

    /** An adapter on the head gets a gradient, zero, even from steps in which nothing is labelled. */
    @Test
    void stepsWithoutLabelsChangeNothing() throws IOException {
        Path model = words("llama", VOCABULARY);
        Path data = Files.write(
                folder.resolve("rows.jsonl"),
                List.of(
                        "{\"input_ids\": [1, 5, 6, 7], \"labels\": [-100, -100, -100, -100]}",
                        "{\"input_ids\": [1, 5, 9, 7], \"labels\": [-100, -100, -100, -100]}",
                        "{\"input_ids\": [1, 5, 6, 7], \"labels\": [-100, -100, -100, 7]}"));

        train(
                List.of("--model=" + model, "--data=" + data, "--task=causal-lm"),
                "--target-modules=lm_head,q_proj",
                "--batch=1",
                "--epochs=2");

        List<Double> losses = lines(folder.resolve("run/metrics.jsonl")).stream()
                .filter(line -> line.has("loss"))
                .map(line -> line.path("loss").asDouble())
                .toList();
        assertThat(losses).hasSize(6);
        assertThat(losses.stream().filter(loss -> loss == 0)).hasSize(4);
    }

    @Test
    void answersAreLearntAndWritten() throws IOException {
        Path model = words("llama", VOCABULARY);
        Path data = Files.write(
                folder.resolve("train.jsonl"),
                List.of(
                        "{\"question\": \"4 6 8\", \"answer\": \"33 #### 11\"}",
                        "{\"question\": \"9 10\", \"answer\": \"34 35 #### 12\"}"));
        List<String> rows = List.of("--model=" + model, "--data=" + data, "--preset=instruction");
        assertThat(evaluated(rows, "--benchmark=gsm8k", "--max-new-tokens=12")
                        .path("correct")
                        .asInt())
                .isZero();

        train(rows, "--task=causal-lm", "--steps=80", "--batch=2", "--lr=0.02", "--layers=1-3");

        JsonNode measured = evaluated(rows, "--adapter=" + adapter);
        assertThat(measured.path("loss").asDouble()).isLessThan(0.05);
        assertThat(measured.path("perplexity").asDouble())
                .isCloseTo(Math.exp(measured.path("loss").asDouble()), within(1e-6));
        JsonNode asked = evaluated(rows, "--adapter=" + adapter, "--benchmark=gsm8k", "--max-new-tokens=12");
        assertThat(asked.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(asked.path("found_by").path("marker").path("correct").asInt())
                .isEqualTo(2);
        assertThat(asked.path("at_limit").asInt()).as("the end is learnt, too").isZero();

        Path out = folder.resolve("out.jsonl");
        run(add(rows, "generate", "--adapter=" + adapter, "--max-new-tokens=12", "--out=" + out));
        assertThat(tokens(out, 0)).containsExactly(33, MARKER, 11);
        assertThat(lines(out).get(0).path("text").asText().strip()).isEqualTo("33 #### 11");
        assertThat(tokens(out, 1)).containsExactly(34, 35, MARKER, 12);
        run(add(rows, "generate", "--max-new-tokens=12", "--out=" + out));
        assertThat(tokens(out, 0)).as("without the adapter").isNotEqualTo(List.of(33, MARKER, 11));
    }

    @Test
    void onlyTheAnswerCountsInTheLoss() throws IOException {
        Path model = words("llama", VOCABULARY);
        Path data = Files.write(
                folder.resolve("text.jsonl"), List.of("{\"instruction\": \"4 6 8\", \"output\": \"33 #### 11\"}"));
        List<Integer> ids = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String word : Prompts.instruction("4 6 8").split("\\s+")) {
            ids.add(word.equals("Response:") ? RESPONSE : word.matches("\\d+") ? Integer.parseInt(word) : UNKNOWN);
            labels.add(-100);
        }
        for (int token : new int[] {33, MARKER, 11, END}) {
            ids.add(token);
            labels.add(token);
        }
        Path tokens = Files.writeString(
                folder.resolve("tokens.jsonl"), "{\"input_ids\": %s, \"labels\": %s}".formatted(ids, labels));

        double ofText = evaluated(List.of("--model=" + model, "--data=" + data, "--preset=instruction"))
                .path("loss")
                .asDouble();
        double ofTokens = evaluated(List.of("--model=" + model, "--data=" + tokens), "--task=causal-lm")
                .path("loss")
                .asDouble();

        assertThat(ofText).isCloseTo(ofTokens, within(1e-6));
        train(List.of("--model=" + model, "--data=" + data, "--preset=instruction"), "--steps=1");
        double first =
                lines(folder.resolve("run/metrics.jsonl")).get(0).path("loss").asDouble();
        assertThat(first).isCloseTo(ofTokens, within(1e-5));
    }

    @Test
    void questionsAboutImagesAreAnsweredByLetters() throws IOException {
        Path model = words("llava", VOCABULARY);
        Files.copy(
                Golden.folder("clip_images").resolve("preprocessor_config.json"),
                model.resolve("preprocessor_config.json"));
        List<String> questions = new ArrayList<>();
        for (String image : List.of("wide.png", "tall.png")) {
            Files.copy(Golden.folder("clip_images").resolve(image), folder.resolve(image));
            // the same words: the image alone tells which is right
            questions.add(
                    "{\"question\": \"4 6\", \"choices\": [\"7\", \"8\"], \"answer\": %s, \"image\": \"%s\", \"hint\": \"9\"}"
                            .formatted(questions.size(), image));
        }
        Path data = Files.write(folder.resolve("qa.jsonl"), questions);
        List<String> rows = List.of("--model=" + model, "--data=" + data, "--preset=scienceqa");

        train(rows, "--steps=80", "--batch=2", "--lr=0.02");

        JsonNode asked = evaluated(rows, "--adapter=" + adapter, "--benchmark=scienceqa");
        assertThat(asked.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(evaluated(rows, "--adapter=" + adapter).path("loss").asDouble())
                .isLessThan(0.1);
        Path out = folder.resolve("out.jsonl");
        run(add(rows, "generate", "--adapter=" + adapter, "--max-new-tokens=3", "--out=" + out));
        assertThat(tokens(out, 0)).containsExactly(LETTER_A);
        assertThat(tokens(out, 1)).containsExactly(LETTER_B);
        JsonNode config = Json.read(adapter.resolve("adapter_config.json"));
        assertThat(config.path("target_modules").isTextual())
                .as("a bare q_proj would match the vision tower, too")
                .isTrue();
    }

    /** A copy of a fixture whose tokens are numbers and the words that prompts and answers need. */
    private Path words(String fixture, int vocabulary) throws IOException {
        Path model = WordTokenizer.copy(fixture, folder.resolve(fixture));
        Map<Integer, String> words = new TreeMap<>(Map.of(END, "</s>", IMAGE, "<image>"));
        List<Integer> special = List.of(END, IMAGE);
        if (vocabulary == VOCABULARY) {
            words.putAll(Map.of(
                    MARKER, "####", RESPONSE, "Response:", ASSISTANT, "ASSISTANT:", LETTER_A, "A", LETTER_B, "B"));
            // answers follow these without a space
            special = List.of(END, IMAGE, RESPONSE, ASSISTANT);
        }
        WordTokenizer.write(model, vocabulary, words, special);
        Files.writeString(
                model.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"eos_token\": \"</s>\"}");
        return model;
    }

    /** Trains on rows; gives the adapter. */
    private Path train(List<String> rows, String... more) {
        run(add(add(rows, "train", "--overwrite", "--out=" + folder.resolve("run")), more));
        return adapter;
    }

    private JsonNode evaluated(List<String> rows, String... more) throws IOException {
        run(add(add(rows, "evaluate"), more));
        return Json.parse(cli.out());
    }

    private double lastEvaluation(String metric) throws IOException {
        List<JsonNode> lines = lines(folder.resolve("run/metrics.jsonl")).stream()
                .filter(line -> line.has("eval_" + metric))
                .toList();
        return lines.get(lines.size() - 1).path("eval_" + metric).asDouble();
    }

    private void run(List<String> args) {
        assertThat(cli.run(args.toArray(String[]::new)))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
    }

    /** The command's name first, should it be among the others. */
    private static List<String> add(List<String> some, String... others) {
        List<String> all = new ArrayList<>(some);
        for (String other : others) {
            all.add(other.startsWith("--") ? all.size() : 0, other);
        }
        return all;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(Json.parse(line));
        }
        return rows;
    }

    private static List<Integer> tokens(Path file, int row) throws IOException {
        List<Integer> tokens = new ArrayList<>();
        lines(file).get(row).path("tokens").forEach(token -> tokens.add(token.asInt()));
        return tokens;
    }

    private static List<String> strings(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asText()));
        return values;
    }
}
