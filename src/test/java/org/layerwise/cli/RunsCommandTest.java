package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** Lists of runs, from trainings and from what a training leaves when it is cut off. */
class RunsCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path data;
    private Path runs;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        data = TokenRows.of("bert", folder);
        runs = Files.createDirectory(folder.resolve("runs"));
    }

    private void train(String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train",
                "--model=" + Golden.folder("bert"),
                "--data=" + data,
                "--batch=4",
                "--steps=2",
                "--out=" + runs.resolve(name)));
        args.addAll(List.of(more));
        assertThat(cli.run(args.toArray(String[]::new)))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
    }

    /** As if its process had been killed: it says that it runs, and that process is gone. */
    private void cutOff(String name) throws IOException {
        Path run = runs.resolve(name);
        Path file = run.resolve("run.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("\"finished\"", "\"running\"")
                        .replaceFirst("\"process\" *: *\"[^\"]*\"", "\"process\": \"1@gone\""));
        Files.delete(run.resolve("summary.json"));
        Folders.delete(run.resolve("adapter")); // which comes at the end
    }

    @Test
    void tellsStateAndMetricsAndWhatIsNotGiven() {
        train("a", "--validation=" + data, "--test=" + data, "--layers=1,3");
        train("b");

        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);

        List<String> lines = cli.out().lines().toList();
        assertThat(lines.get(0)).contains("run ", "state", "validation", "test", "seconds", "memory");
        assertThat(lines.get(1))
                .startsWith("a ")
                .contains("finished", "bert.jsonl", "1,3 of 4", "lora", "accuracy")
                .doesNotContain("not given");
        assertThat(lines.get(2)).startsWith("b ").contains("finished", "all 4").containsPattern("not given +not given");
        assertThat(lines).hasSize(3);
    }

    @Test
    void metricsOfAnEarlierStepNameIt() throws IOException {
        train("a", "--validation=" + data, "--test=" + data);
        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).doesNotContain("at step");
        Path summary = runs.resolve("a/summary.json");
        Files.writeString(
                summary, Files.readString(summary).replaceFirst("\"adapter_step\" : 2", "\"adapter_step\" : 1"));

        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).containsPattern("\\) at step 1 +[01]\\.\\d{4} .*\\) at step 1 ");
        assertThat(cli.run("runs", runs.toString(), "--format=json")).isEqualTo(ExitCode.OK);
        assertThat(Json.parse(cli.out()).get(0).path("validation_step").asInt()).isEqualTo(1);
        assertThat(cli.run("runs", runs.toString(), "--format=csv")).isEqualTo(ExitCode.OK);
        assertThat(cli.out().strip()).endsWith(",1");
    }

    @Test
    void anInterruptedRunIsToldWithTheCommandThatGoesOnWithIt() throws IOException {
        train("a");
        cutOff("a");

        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("interrupted")
                .contains("a goes on with: layerwise train --resume " + runs.resolve("a"));
        assertThat(cli.run("train", "--resume", runs.resolve("a").toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("finished").doesNotContain("goes on with");
    }

    @Test
    void theMemoryOfAJobIsNotShownAsThatOfAProcessHere() throws IOException {
        train("here");
        train("there");
        Path summary = runs.resolve("there/summary.json");
        ObjectNode told = (ObjectNode) Json.read(summary);
        ((ObjectNode) told.path("versions")).put("remote", "lab").put("device", "NVIDIA A100");
        Json.write(summary, told.put("peak_memory_bytes", 1L << 30));
        Path run = runs.resolve("there/run.json");
        ObjectNode record = (ObjectNode) Json.read(run);
        ((ObjectNode) record.path("environment")).put("remote", "lab");
        Json.write(run, record);

        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out())
                .containsPattern("there .* 1\\.0 GiB \\(card\\)\\R")
                .containsPattern("here .*[0-9] .iB\\R")
                .contains("what PyTorch held on that worker's card (card)");
        assertThat(cli.run("runs", runs.toString(), "--format=json")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("\"peak_memory_of\" : \"card\"", "\"peak_memory_of\" : \"process\"");
    }

    @Test
    void comparesOnlyWhatDiffers() {
        train("a", "--lr=0.001", "--r=4");
        train("b", "--lr=0.002", "--r=4");

        assertThat(cli.run(
                        "runs", runs.resolve("b").toString(), runs.resolve("a").toString(), "--compare"))
                .isEqualTo(ExitCode.OK);

        List<String> lines = cli.out().lines().toList();
        assertThat(lines.get(4)).matches("run +lr");
        assertThat(lines.get(5)).endsWith("  0.001");
        assertThat(lines.get(6)).endsWith("  0.002");
        assertThat(lines).hasSize(7);
    }

    @Test
    void everyValidationFileIsNamed() throws IOException {
        Path more = Files.copy(data, folder.resolve("more.jsonl"));
        train("a", "--validation=" + data);
        train("b", "--validation=" + data + "," + more);

        assertThat(cli.run("runs", runs.toString(), "--compare")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).containsPattern("a +bert\\.jsonl\\R").containsPattern("b +bert\\.jsonl,more\\.jsonl\\R");
    }

    @Test
    void aMetricHasItsIntervalAndAPairIsTestedOnTheRowsOfBoth() throws IOException {
        Path many = Files.writeString(
                folder.resolve("many.jsonl"), Files.readString(data).repeat(8));
        Path few = Files.write(
                folder.resolve("few.jsonl"), Files.readAllLines(data).subList(0, 15));
        train("a", "--validation=" + many, "--test=" + few, "--best-metric=loss");
        train("b", "--validation=" + many, "--test=" + few, "--best-metric=loss", "--lr=0.01", "--seed=7");

        assertThat(cli.run("runs", runs.toString(), "--compare")).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .containsPattern("\\d \\(\\d\\.\\d{4} to \\d\\.\\d{4}\\)")
                .containsPattern("\\d \\(no interval: fewer than 16 rows\\)")
                .containsPattern("first +second +rows +metric +second - first +paired test")
                .containsPattern(
                        "a +b +validation +loss +[+-]\\d\\.\\d{4} +95 % interval [+-].* to [+-].* of \\d+ rows")
                .containsPattern("a +b +test +loss +[+-]\\d\\.\\d{4} +no interval: fewer than 16 rows")
                .contains("They cover the choice of rows, not another seed or another training.");
        assertThat(cli.run("runs", runs.toString(), "--compare", "--format=json"))
                .isEqualTo(ExitCode.OK);
        JsonNode json = Json.parse(cli.out());
        JsonNode one = json.get(0);
        assertThat(one.path("test_low").isNull()).isTrue();
        assertThat(one.path("paired")).hasSize(2);
        assertThat(one.path("paired").get(1).path("rows").asText()).isEqualTo("test");
        assertThat(one.path("paired").get(1).path("difference").asDouble(Double.NaN))
                .isCloseTo(
                        json.get(1).path("test").asDouble() - one.path("test").asDouble(), within(1e-5));
        assertThat(json.get(1).path("paired")).isEmpty();
        assertThat(cli.run("runs", runs.toString(), "--format=csv")).isEqualTo(ExitCode.OK);
        assertThat(cli.out().lines().findFirst().orElseThrow())
                .endsWith(
                        ",peak_memory_bytes,validation_low,validation_high,test_low,test_high,peak_memory_of,validation_step");
    }

    @Test
    void accuraciesOfAPairHaveMcNemarsTest() {
        train("a", "--validation=" + data);
        train("b", "--validation=" + data, "--lr=0.01");

        assertThat(cli.run("runs", runs.toString(), "--compare")).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .containsPattern(
                        "a +b +validation +accuracy +[+-]\\d\\.\\d{4} +p = [0-9.e-]+: of \\d+ rows, \\d+ are right in the first only, \\d+ in the second only");
    }

    @Test
    void isSortedByTheBestMetric() throws IOException {
        train("a", "--validation=" + data);
        train("b", "--validation=" + data);
        train("c");
        accuracy("a", 0.25);
        accuracy("b", 0.75);

        assertThat(cli.run("runs", runs.toString(), "--sort=validation")).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines().skip(1).map(line -> line.substring(0, 1))).containsExactly("b", "a", "c");
    }

    private void accuracy(String name, double value) throws IOException {
        Path file = runs.resolve(name).resolve("summary.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        ((ObjectNode) json.path("after")).put("accuracy", value);
        Json.write(file, json);
    }

    @Test
    void writesTablesForPrograms() throws IOException {
        train("a", "--test=" + data);
        train("b", "--seed=7");
        Path csv = folder.resolve("runs.csv");

        assertThat(cli.run("runs", runs.toString(), "--compare", "--out=" + csv))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.run("runs", runs.toString(), "--format=json")).isEqualTo(ExitCode.OK);

        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.get(0))
                .startsWith("folder,name,state,")
                .contains(",metric,validation,test,")
                .endsWith(",test,seed");
        assertThat(lines.get(1)).contains(",finished,,").endsWith("," + data + ",42");
        assertThat(lines.get(2)).endsWith(",,7");
        JsonNode json = Json.parse(cli.out());
        assertThat(json).hasSize(2);
        assertThat(json.get(0).path("test").isNumber()).isTrue();
        assertThat(json.get(0).path("test_given").asBoolean()).isTrue();
        assertThat(json.get(1).path("test").isNull()).isTrue();
        assertThat(json.get(1).path("test_given").asBoolean()).isFalse();
        assertThat(json.get(1).path("resume").isNull()).isTrue();
        assertThat(json.get(1).path("config").path("seed").asText()).isEqualTo("7");
        assertThat(json.get(1).path("steps").asInt()).isEqualTo(2);
    }

    @Test
    void aFolderWithoutRunsAndOneThatIsNotThere() {
        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo("There is no run in %s.%n".formatted(runs));
        assertThat(cli.run("runs")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).startsWith("There is no run in ");

        assertThat(cli.run("runs", folder.resolve("nowhere").toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).hasSize(1).first().asString().contains("There is no folder");
        assertThat(cli.run("runs", "--format=xml")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.run("runs", "--sort=colour")).isNotEqualTo(ExitCode.OK);
        assertThat(String.join(" ", cli.errLines())).contains("colour", "validation");
    }

    @Test
    void aBrokenRunIsPassedOver() throws IOException {
        train("a");
        train("b");
        Files.writeString(runs.resolve("a/run.json"), "{");

        assertThat(cli.run("runs", runs.toString())).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines()).hasSize(2);
        assertThat(cli.errLines()).hasSize(1).first().asString().contains("run.json");
    }
}
