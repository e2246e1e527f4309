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
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;
import org.layerwise.testing.WordTokenizer;

/** {@code evaluate --benchmark} with a decoder of random weights whose tokens are words. */
class BenchmarkCommandTest {

    private static final int VOCABULARY = 130;

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path model;
    private Path predictions;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        predictions = folder.resolve("predictions.jsonl");
        model = WordTokenizer.copy("llama", folder.resolve("llama"));
        WordTokenizer.write(model, VOCABULARY, Map.of(), List.of());
    }

    private JsonNode evaluate(String benchmark, Path data, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "evaluate",
                "--model=" + model,
                "--data=" + data,
                "--benchmark=" + benchmark,
                "--predictions=" + predictions));
        args.addAll(List.of(more));
        assertThat(cli.run(args.toArray(String[]::new)))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out().lines()).hasSize(1);
        return Json.parse(cli.out());
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(predictions)) {
            lines.add(Json.parse(line));
        }
        return lines;
    }

    private Path questions(String name, String... rows) throws IOException {
        return Files.write(folder.resolve(name), List.of(rows));
    }

    /** The model answers with numbers that nobody can foretell; half of them are then made the right ones. */
    @Test
    void answersAreComparedWithTheDatas() throws IOException {
        String row = "{\"question\": \"%s\", \"answer\": \"so it is\\n#### %s\", \"kind\": \"%s\"}";
        Path first = questions(
                "first.jsonl", row.formatted("4 5 6", "1", "easy"), row.formatted("7 8 9 10 11", "1", "hard"));
        evaluate("gsm8k", first, "--max-new-tokens=6");
        List<JsonNode> written = lines();
        assertThat(written.get(0).path("generated")).isNotEqualTo(written.get(1).path("generated"));
        String right = written.get(0).path("extracted").asText();
        String other = written.get(1).path("extracted").asText();
        assertThat(written.get(0).path("generated").asText().strip()).endsWith(right);

        Path second = questions(
                "second.jsonl",
                row.formatted("4 5 6", right, "easy"),
                row.formatted("7 8 9 10 11", Integer.parseInt(other) + 1, "hard"));
        Path out = folder.resolve("result.json");
        JsonNode json = evaluate("gsm8k", second, "--max-new-tokens=6", "--label=kind", "--out=" + out);

        assertThat(json.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(json.path("correct").asInt()).isEqualTo(1);
        assertThat(json.path("samples").asInt()).isEqualTo(2);
        assertThat(json.path("unanswered").asInt()).isZero();
        assertThat(json.path("at_limit").asInt()).isEqualTo(2);
        assertThat(json.path("accuracy_low").asDouble()).isCloseTo(0.0945, within(1e-4));
        assertThat(json.path("accuracy_high").asDouble()).isCloseTo(0.9055, within(1e-4));
        assertThat(json.path("found_by").path("last_number").path("samples").asInt())
                .isEqualTo(2);
        assertThat(json.path("groups").path("easy").path("accuracy").asDouble()).isEqualTo(1);
        assertThat(json.path("groups").path("hard").path("accuracy").asDouble()).isZero();
        assertThat(Json.read(out)).isEqualTo(json);
        written = lines();
        assertThat(written.get(0).path("correct").asBoolean()).isTrue();
        assertThat(written.get(1).path("correct").asBoolean()).isFalse();
        assertThat(written.get(1).path("gold").asText()).isEqualTo(String.valueOf(Integer.parseInt(other) + 1));
        assertThat(written.get(0).path("prompt").asText())
                .startsWith("Below is an instruction")
                .endsWith("### Response:");
        assertThat(written.get(0).path("ended_by").asText()).isEqualTo("length");
        assertThat(cli.errLines()).anyMatch(line -> line.startsWith("GSM8K: 50.00 % right (1 of 2; 95 % interval"));
    }

    @Test
    void answersAreThoseOfGenerate() throws IOException {
        Path data = questions("rows.jsonl", "{\"question\": \"4 5 6\", \"answer\": \"#### 1\"}");
        evaluate("gsm8k", data, "--max-new-tokens=5");
        Path generated = folder.resolve("generated.jsonl");
        assertThat(cli.run(
                        "generate",
                        "--model=" + model,
                        "--data=" + data,
                        "--preset=instruction",
                        "--max-new-tokens=5",
                        "--out=" + generated))
                .isEqualTo(ExitCode.OK);

        assertThat(lines().get(0).path("generated"))
                .isEqualTo(Json.parse(Files.readString(generated)).path("text"));
    }

    @Test
    void mathIsReadFromProblemAndSolutionInPlainForm() throws IOException {
        Path data = questions(
                "math.jsonl",
                "{\"problem\": \"4 5\", \"solution\": \"Thus $\\\\boxed{\\\\frac{1}{2}}$.\", \"level\": 3}");
        JsonNode json = evaluate("math", data, "--max-new-tokens=4", "--prompt-form=plain");

        assertThat(json.path("unanswered").asInt()).isEqualTo(1);
        assertThat(json.path("accuracy").asDouble()).isZero();
        JsonNode line = lines().get(0);
        assertThat(line.path("prompt").asText()).isEqualTo("Problem:\n4 5\n\nSolution:");
        assertThat(line.path("gold").asText()).isEqualTo("\\frac{1}{2}");
        assertThat(line.path("extracted").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"humaneval, completion, HumanEval/7", "mbpp, solution, Mbpp/7"})
    void codeIsWrittenForItsHarness(String benchmark, String key, String id) throws IOException {
        Path data = benchmark.equals("mbpp")
                ? questions(
                        "mbpp.jsonl", "{\"task_id\": 7, \"text\": \"4 5 6\", \"test_list\": [\"assert f(1) == 2\"]}")
                : questions(
                        "humaneval.jsonl",
                        "{\"task_id\": \"HumanEval/7\", \"prompt\": \"def f(x):\\n\", \"entry_point\": \"f\"}");
        JsonNode json = evaluate(benchmark, data, "--max-new-tokens=5");

        assertThat(json.path("samples").asInt()).isEqualTo(1);
        assertThat(json.path("without_code").asInt()).isZero();
        assertThat(json.has("accuracy")).isFalse();
        JsonNode line = lines().get(0);
        assertThat(line.properties().stream().map(Map.Entry::getKey)).containsExactly("task_id", key);
        assertThat(line.path("task_id").asText()).isEqualTo(id);
        assertThat(line.path(key).asText()).matches("\\s*\\d+( \\d+){4}");
        assertThat(cli.errLines()).anyMatch(text -> text.startsWith("Judge it with: "));
    }

    @Test
    void allProblemsAreWrittenSinceAHarnessAsksForAll() throws IOException {
        String[] problems = IntStream.range(0, 515)
                .mapToObj("{\"task_id\": \"HumanEval/%s\", \"prompt\": \"4\", \"entry_point\": \"f\"}"::formatted)
                .toArray(String[]::new);
        Path data = questions("humaneval.jsonl", problems);

        evaluate("humaneval", data, "--max-new-tokens=1", "--prompt-form=plain");
        assertThat(lines()).hasSize(problems.length);
        evaluate("humaneval", data, "--max-new-tokens=1", "--prompt-form=plain", "--samples=2");
        assertThat(lines().stream().map(line -> line.path("task_id").asText()))
                .containsExactly("HumanEval/0", "HumanEval/1");
    }

    @Test
    void scienceQaIsAnsweredByALetter() throws IOException {
        model = WordTokenizer.copy("llava", folder.resolve("llava"));
        Files.copy(
                Golden.folder("clip_images").resolve("preprocessor_config.json"),
                model.resolve("preprocessor_config.json"));
        WordTokenizer.write(model, VOCABULARY, Map.of(5, "<image>"), List.of(5));
        Files.copy(Golden.folder("clip_images").resolve("wide.png"), folder.resolve("wide.png"));
        String row = "{\"question\": \"4 6\", \"choices\": [\"7\", \"8\"], \"answer\": %s, \"image\": \"wide.png\","
                + " \"subject\": \"natural science\"}";
        Path data = questions("qa.jsonl", row.formatted(0), row.formatted(1));
        JsonNode none = evaluate("scienceqa", data, "--max-new-tokens=1");
        assertThat(none.path("unanswered").asInt()).isEqualTo(2);
        int token = Integer.parseInt(lines().get(0).path("generated").asText().strip());

        WordTokenizer.write(model, VOCABULARY, Map.of(5, "<image>", token, "B."), List.of(5));
        JsonNode json = evaluate("scienceqa", data, "--max-new-tokens=1", "--label=subject");

        assertThat(json.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(lines().get(0).path("correct").asBoolean()).isFalse();
        assertThat(lines().get(1).path("correct").asBoolean()).isTrue();
        assertThat(lines().get(1).path("gold").asText()).isEqualTo("B");
        assertThat(json.path("groups").path("natural science").path("samples").asInt())
                .isEqualTo(2);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path data = questions("rows.jsonl", "{\"question\": \"4 5 6\", \"answer\": \"no number\"}");
        assertRefused("Row 1 of", "--data=" + data, "--benchmark=gsm8k");
        assertRefused("--prompt-form", "--data=" + data, "--max-new-tokens=3");
        assertRefused("--prompt-form", "--data=" + data, "--seed=42"); // the default, but asked for
        assertRefused("exclude each other", "--data=" + data, "--benchmark=gsm8k", "--task=regression");
        assertRefused("--preset instruction", "--data=" + data, "--benchmark=gsm8k", "--preset=sst2");
        assertRefused("sample task", "--data=sample:definitions", "--benchmark=gsm8k");
        assertRefused("--predictions", "--data=" + data, "--benchmark=humaneval");
        assertRefused(
                "end in .jsonl",
                "--data=" + data,
                "--benchmark=humaneval",
                "--predictions=" + folder.resolve("a.json"));
        assertRefused("no plain form", "--data=" + data, "--benchmark=scienceqa", "--prompt-form=plain");
        assertRefused(
                "own file", "--data=" + data, "--benchmark=mbpp", "--text=question", "--predictions=" + predictions);
        assertRefused("none of gsm8k, math", "--data=" + data, "--benchmark=squad");
        assertThat(predictions).doesNotExist();
    }

    private void assertRefused(String message, String... args) {
        List<String> all = new ArrayList<>(List.of("evaluate", "--model=" + model));
        all.addAll(List.of(args));
        assertThat(cli.run(all.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(String.join("\n", cli.errLines())).contains(message);
    }
}
