package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.run.FileHash;
import org.layerwise.testing.Golden;

/** Every number of a file set to one that makes no sense: the command works or refuses it in one sentence, and never fails inside. */
@Timeout(120)
class HostileNumbersTest {

    private static final List<JsonNode> NUMBERS = Stream.of(
                    Double.NaN, Double.NEGATIVE_INFINITY, 1e308, -1, 1_000_000_000, BigInteger.TEN.pow(30))
            .<JsonNode>map(Json::tree)
            .toList();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "phi3", "llama_yarn"})
    void ofAModelsConfig(String model) throws IOException {
        Path data = TokenRows.of(model, folder);
        Path copy = copy(Golden.folder(model));

        sweep(
                copy.resolve("config.json"),
                cli -> cli.run("evaluate", "--model=" + copy, "--data=" + data, "--task=classification"));
    }

    @Test
    void ofTheSettingsOfGeneration() throws IOException {
        Path data = TokenRows.of("llama", folder);
        Path copy = copy(Golden.folder("llama"));
        Path settings = copy.resolve("generation_config.json");
        Files.writeString(settings, "{\"eos_token_id\": [2, 3], \"bos_token_id\": 1, \"pad_token_id\": 0}");

        sweep(
                settings,
                cli -> cli.run("generate", "--model=" + copy, "--data=" + data, "--max-new-tokens=2", "--samples=2"));
    }

    @Test
    void ofAnAdaptersConfig() throws IOException {
        Path data = TokenRows.of("bert", folder);
        Path adapter = copy(Golden.folder("lora_bert").resolve("adapter_final"));
        Path config = adapter.resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) Json.read(config);
        json.putObject("rank_pattern").put("query", 4);
        json.putObject("alpha_pattern").put("query", 4);
        Files.writeString(config, Json.line(json));

        sweep(
                config,
                cli -> cli.run(
                        "evaluate",
                        "--model=" + Golden.folder("bert"),
                        "--adapter=" + adapter,
                        "--data=" + data,
                        "--task=classification"));
    }

    @Test
    void ofAnAnalysis() throws IOException {
        Path data = TokenRows.of("bert", folder);
        Path analysis = folder.resolve("analysis");
        CommandLineFixture cli = new CommandLineFixture(folder);
        assertThat(cli.run(
                        "analyze",
                        "--model=" + Golden.folder("bert"),
                        "--data=" + data,
                        "--bootstrap=20",
                        "--permutations=20",
                        "--out=" + analysis))
                .as("%s", cli.errLines())
                .isEqualTo(ExitCode.OK);

        sweep(
                analysis.resolve("analysis.json"),
                one -> one.run("select", "--analysis=" + analysis, "--top=1", "--out=" + folder.resolve("out.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "summary.json"})
    void ofARun(String file) throws IOException {
        Path data = TokenRows.of("bert", folder);
        Path run = folder.resolve("runs/one");
        CommandLineFixture cli = new CommandLineFixture(folder);
        assertThat(cli.run("train", "--model=" + Golden.folder("bert"), "--data=" + data, "--steps=2", "--out=" + run))
                .as("%s", cli.errLines())
                .isEqualTo(ExitCode.OK);

        sweep(run.resolve(file), one -> one.run("runs", folder.resolve("runs").toString(), "--compare"));
    }

    /** The summary names the changed file, so that its hash does not refuse it. */
    @Test
    void ofTheRowsThatARunKeeps() throws IOException {
        Path data = TokenRows.of("bert", folder);
        Path runs = folder.resolve("runs");
        CommandLineFixture cli = new CommandLineFixture(folder);
        for (String name : List.of("one", "two")) {
            assertThat(cli.run(
                            "train",
                            "--model=" + Golden.folder("bert"),
                            "--data=" + data,
                            "--validation=" + data,
                            "--steps=2",
                            "--out=" + runs.resolve(name)))
                    .as("%s", cli.errLines())
                    .isEqualTo(ExitCode.OK);
        }
        Path rows = runs.resolve("one/evaluated-rows.json");
        Path summary = runs.resolve("one/summary.json");
        ObjectNode json = (ObjectNode) Json.read(summary);

        List<String> told = new ArrayList<>();
        sweep(rows, one -> {
            json.put("evaluated_rows_sha256", FileHash.sha256(rows));
            Json.write(summary, json);
            int code = one.run("runs", runs.toString(), "--compare");
            told.add(one.out());
            return code;
        });
        assertThat(told).filteredOn(out -> out.contains("p = ")).isEmpty();
        assertThat(told).allMatch(out -> out.contains(rows + " holds "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha", "lora-plus-ratio", "weight-decay", "max-grad-norm"})
    void ofATrainingsFlags(String flag) throws IOException {
        Path data = TokenRows.of("bert", folder);
        for (JsonNode number : NUMBERS.subList(0, 3)) {
            CommandLineFixture cli = new CommandLineFixture(folder);
            int code = cli.run(
                    "train",
                    "--model=" + Golden.folder("bert"),
                    "--data=" + data,
                    "--steps=2",
                    "--overwrite",
                    "--" + flag + "=" + number.asText(),
                    "--out=" + folder.resolve("out"));
            assertThat(code).as("--%s=%s: %s", flag, number, cli.errLines()).isIn(ExitCode.OK, ExitCode.BAD_INPUT);
        }
    }

    private interface Command {
        int run(CommandLineFixture cli);
    }

    private void sweep(Path file, Command command) throws IOException {
        JsonNode whole = Json.read(file);
        CommandLineFixture cli = new CommandLineFixture(folder);
        List<String> failures = new ArrayList<>();
        for (JsonPointer place : numbers(whole)) {
            JsonNode before = whole.at(place);
            for (JsonNode number : NUMBERS) {
                put(whole, place, number);
                // Jackson writes these as texts, Python as they are
                Files.writeString(file, Json.line(whole).replaceAll("\"(NaN|-?Infinity)\"", "$1"));
                int code = command.run(cli);
                if (code != ExitCode.OK && code != ExitCode.BAD_INPUT) {
                    failures.add("%s = %s: %s".formatted(place, number, cli.errLines()));
                }
            }
            put(whole, place, before);
            Files.writeString(file, Json.line(whole));
        }
        assertThat(failures).isEmpty();
    }

    private static void put(JsonNode whole, JsonPointer place, JsonNode value) {
        JsonNode parent = whole.at(place.head());
        if (parent instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), value);
        } else {
            ((ArrayNode) parent).set(place.last().getMatchingIndex(), value);
        }
    }

    /** The places of all numbers; of a list the first only. */
    private static List<JsonPointer> numbers(JsonNode whole) {
        List<JsonPointer> places = new ArrayList<>();
        collect(whole, JsonPointer.empty(), places);
        return places;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        if (node.isNumber()) {
            places.add(at);
        } else if (node.isArray() && !node.isEmpty()) {
            collect(node.get(0), at.appendIndex(0), places);
        } else {
            node.properties().forEach(entry -> collect(entry.getValue(), at.appendProperty(entry.getKey()), places));
        }
    }

    private Path copy(Path model) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
