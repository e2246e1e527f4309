package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Json;
import org.layerwise.testing.Golden;

/** What {@code evaluate} tells about a classifier and a regression. */
class EvaluateCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private void run(String... args) {
        assertThat(cli.run(args)).as(String.join("\n", cli.errLines())).isEqualTo(ExitCode.OK);
    }

    @Test
    void aClassifiersErrorsAreToldRowByRow() throws IOException {
        Path out = folder.resolve("metrics.json");
        Path predictions = folder.resolve("predictions.jsonl");
        run(
                "evaluate",
                "--model=" + Golden.folder("llama_seqcls"),
                "--data=" + TokenRows.of("llama_seqcls", folder),
                "--worst=2",
                "--predictions=" + predictions,
                "--out=" + out);

        JsonNode json = Json.read(out);
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(predictions)) {
            rows.add(Json.parse(line));
        }
        int classes = json.path("classes").size();
        assertThat(classes).isGreaterThanOrEqualTo(2);
        for (int label = 0; label < classes; label++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                int wanted = label;
                int given = predicted;
                assertThat(json.path("confusion").path(label).path(predicted).asLong())
                        .isEqualTo(rows.stream()
                                .filter(row -> row.path("label").asInt() == wanted
                                        && row.path("predicted").asInt() == given)
                                .count());
            }
        }
        double[] losses = rows.stream().mapToDouble(EvaluateCommandTest::loss).toArray();
        assertThat(json.path("loss").asDouble())
                .isCloseTo(Arrays.stream(losses).average().orElseThrow(), within(1e-6));
        assertThat(json.path("worst")).hasSize(2);
        JsonNode worst = json.path("worst").path(0);
        int row = worst.path("row").asInt() - 1;
        assertThat(worst.path("loss").asDouble())
                .isCloseTo(Arrays.stream(losses).max().orElseThrow(), within(1e-6))
                .isCloseTo(losses[row], within(1e-6));
        assertThat(worst.path("label").asText())
                .isEqualTo(rows.get(row).path("label").asText());
        assertThat(worst.path("place").asText()).startsWith("row " + (row + 1) + " of ");
        assertThat(worst.path("text").asText()).matches("[\\d ]+…?");
        assertThat(json.path("task").asText()).isEqualTo("classification");
        assertThat(json.path("task_metrics")).isEmpty();

        assertThat(cli.out().lines()).hasSize(1);
        assertThat(Json.parse(cli.out()).path("accuracy")).isEqualTo(json.path("accuracy"));
        assertThat(cli.errLines())
                .anyMatch(line -> line.startsWith("Label \\ predicted"))
                .anyMatch(line -> line.startsWith("Class  "))
                .anyMatch(line -> line.endsWith("Worst rows"));
    }

    private static double loss(JsonNode row) {
        double sum = 0;
        for (JsonNode logit : row.path("logits")) {
            sum += Math.exp(logit.asDouble());
        }
        return Math.log(sum)
                - row.path("logits").path(row.path("label").asInt()).asDouble();
    }

    @Test
    void aRegressionsLargestErrorsAreTold() {
        Path out = folder.resolve("metrics.json");
        run(
                "evaluate",
                "--model=" + Golden.folder("bert_regression"),
                "--data=" + TokenRows.of("bert_regression", folder),
                "--out=" + out);

        JsonNode json = Json.read(out);
        assertThat(json.has("confusion")).isFalse();
        assertThat(json.path("task").asText()).isEqualTo("regression");
        double before = Double.POSITIVE_INFINITY;
        for (JsonNode row : json.path("worst")) {
            double error = row.path("absolute_error").asDouble();
            assertThat(error)
                    .isLessThanOrEqualTo(before)
                    .isCloseTo(
                            Math.abs(row.path("label").asDouble()
                                    - row.path("predicted").asDouble()),
                            within(1e-6));
            before = error;
        }
        assertThat(before).isFinite();
        assertThat(cli.errLines()).noneMatch(line -> line.startsWith("Label \\ predicted"));
    }

    @Test
    void bothKindsOfMnliAreMeasuredAndTheTasksMetricComesFirst() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder("bert").resolve(name), model.resolve(name));
        }
        Files.writeString(
                model.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": null, "decoder": null, "model": {"type": "WordLevel", "unk_token": "[UNK]",
                 "vocab": {"[UNK]": 0, "it": 6, "rains": 7, "is": 8, "dry": 9}}}
                """);
        Path data = Files.createDirectories(folder.resolve("mnli"));
        String head = "premise\thypothesis\tlabel\n";
        Files.writeString(data.resolve("dev_matched.tsv"), head + "it rains\tit is dry\t2\nit rains\tit rains\t0\n");
        Files.writeString(data.resolve("dev_mismatched.tsv"), head + "it is dry\tit rains\t1\n");
        Path out = folder.resolve("metrics.json");
        run("evaluate", "--model=" + model, "--data=" + data, "--preset=mnli", "--mismatched=" + data, "--out=" + out);

        JsonNode line = Json.parse(cli.out());
        assertThat(line.path("samples").asInt()).isEqualTo(2);
        assertThat(line.path("mismatched").path("samples").asInt()).isEqualTo(1);
        assertThat(line.path("mismatched").path("accuracy").isNumber()).isTrue();
        assertThat(line.path("task_metrics").path(0).asText()).isEqualTo("accuracy");
        JsonNode worst = Json.read(out).path("mismatched").path("worst");
        assertThat(worst).hasSize(1);
        assertThat(worst.path(0).path("text").asText()).isEqualTo("it is dry | it rains");
        assertThat(cli.errLines()).contains("Mismatched:").anyMatch(text -> text.startsWith("accuracy *"));
    }

    @Test
    void mismatchedRowsAreMnlisOnly() {
        Path rows = TokenRows.of("llama_seqcls", folder);
        assertThat(cli.run(
                        "evaluate",
                        "--model=" + Golden.folder("llama_seqcls"),
                        "--data=" + rows,
                        "--mismatched=" + rows))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("--preset mnli");
        assertThat(cli.run("evaluate", "--model=" + Golden.folder("llama_seqcls"), "--data=" + rows, "--worst=-1"))
                .isEqualTo(ExitCode.BAD_INPUT);
    }
}
