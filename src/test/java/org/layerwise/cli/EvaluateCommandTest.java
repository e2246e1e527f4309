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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;
import org.layerwise.testing.WordTokenizer;

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

    /** Rows that are drawn keep the numbers that they have in their file. */
    @Test
    void predictionsOfDrawnRowsAreNumberedAsInTheirFile() throws IOException {
        Path out = folder.resolve("metrics.json");
        Path predictions = folder.resolve("predictions.jsonl");
        run(
                "evaluate",
                "--model=" + Golden.folder("llama_seqcls"),
                "--data=" + TokenRows.of("llama_seqcls", folder),
                "--samples=3",
                "--sampling=random",
                "--sampling-seed=1",
                "--worst=3",
                "--predictions=" + predictions,
                "--out=" + out);

        List<Integer> told = new ArrayList<>();
        Json.read(out).path("worst").forEach(row -> told.add(row.path("row").asInt()));
        List<Integer> written = new ArrayList<>();
        for (String line : Files.readAllLines(predictions)) {
            written.add(Json.parse(line).path("row").asInt());
        }
        assertThat(written).isSorted().containsExactlyInAnyOrderElementsOf(told).isNotEqualTo(List.of(1, 2, 3));
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
    void everyMetricHasAnIntervalOrAReasonInItsPlace() throws IOException {
        Path out = folder.resolve("metrics.json");
        for (String model : List.of("llama_seqcls", "bert_regression", "llama")) {
            run("evaluate", "--model=" + Golden.folder(model), "--data=" + TokenRows.of(model, folder), "--out=" + out);

            for (JsonNode json : List.of(Json.parse(cli.out()), Json.read(out))) {
                for (String metric :
                        List.of("loss", "accuracy", "matthews", "f1", "pearson", "spearman", "perplexity")) {
                    JsonNode none = json.path("no_intervals").path(metric);
                    if (none.isTextual()) {
                        assertThat(none.asText()).matches("fewer than 16 rows|fewer than 18 rows for 3 classes");
                        assertThat(json.has(metric + "_low")).isFalse();
                    } else if (json.has(metric)) {
                        assertThat(json.path(metric + "_low").asDouble(Double.NaN))
                                .as("%s of %s: %s", metric, model, json)
                                .isLessThanOrEqualTo(json.path(metric + "_high").asDouble(Double.NaN));
                    }
                }
                assertThat(json.path("intervals").asText()).contains("not another seed");
            }
            assertThat(cli.errLines())
                    .anyMatch(line -> line.matches("Metric +Value +95 % interval"))
                    .anyMatch(
                            line -> line.matches("loss +[\\d.]+ +([\\d.]+ to [\\d.]+|no interval: fewer than 16 rows)"))
                    .anyMatch(line -> line.contains("They cover the choice of rows, not another seed"));
        }
    }

    @Test
    void aLanguageModelsWorstRowsAreThoseOfTheHighestLossAToken() throws IOException {
        Path rows = Files.write(
                folder.resolve("tokens.jsonl"),
                List.of(
                        "{\"input_ids\": [1, 4, 5, 6], \"labels\": [-100, -100, 5, 6]}",
                        "{\"input_ids\": [1, 9, 8, 7, 11], \"labels\": [-100, 9, 8, 7, 11]}",
                        "{\"input_ids\": [1, 12, 13], \"labels\": [-100, -100, 13]}"));
        Path out = folder.resolve("metrics.json");
        run(
                "evaluate",
                "--model=" + Golden.folder("llama"),
                "--data=" + rows,
                "--task=causal-lm",
                "--worst=3",
                "--out=" + out);

        JsonNode json = Json.read(out);
        int[] tokens = {2, 4, 1};
        double sum = 0;
        double before = Double.POSITIVE_INFINITY;
        for (JsonNode row : json.path("worst")) {
            double loss = row.path("loss").asDouble();
            assertThat(loss).isPositive().isLessThanOrEqualTo(before);
            assertThat(row.has("label")).isFalse();
            sum += loss * tokens[row.path("row").asInt() - 1];
            before = loss;
        }
        assertThat(json.path("worst")).hasSize(3);
        assertThat(json.path("loss").asDouble()).isCloseTo(sum / 7, within(1e-6));
        assertThat(json.path("perplexity").asDouble()).isCloseTo(Math.exp(sum / 7), within(1e-3));
        // each row alone has the loss that it is told with
        Path one = Files.write(
                folder.resolve("one.jsonl"), Files.readAllLines(rows).subList(0, 1));
        run("evaluate", "--model=" + Golden.folder("llama"), "--data=" + one, "--task=causal-lm");
        double alone = Json.parse(cli.out()).path("loss").asDouble();
        assertThat(json.path("worst"))
                .anyMatch(row -> row.path("row").asInt() == 1
                        && Math.abs(row.path("loss").asDouble() - alone) < 1e-5);
    }

    @Test
    void bothKindsOfMnliAreMeasuredAndTheTasksMetricComesFirst() throws IOException {
        Path model = WordTokenizer.copy("bert", folder.resolve("model"));
        WordTokenizer.write(model, 120, Map.of(6, "it", 7, "rains", 8, "is", 9, "dry"), List.of());
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
        assertThat(worst.path(0).path("label").asText()).isEqualTo("neutral");
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
