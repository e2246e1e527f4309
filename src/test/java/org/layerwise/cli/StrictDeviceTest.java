package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.tensor.StrictEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.JsonNumbers;

/**
 * Whole commands on a GPU that is not there: no operand is left on the processor, and files and numbers are those of the processor, to
 * the last bit.
 */
class StrictDeviceTest {

    private static final String GPU = "cuda:0";

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = CommandLineFixture.onStrictEngine(folder);
    }

    /**
     * Gradients need the whole model and labels, nearest neighbours, losses without a trained head and a bootstrap more rows
     * than the decoder has. The variance of inputs is summed in another type on GPUs.
     */
    @ParameterizedTest
    @CsvSource({
        "bert, whole, eva|adapter-.*, 20, 0",
        "bert, layers, gradient-norm|fisher|resnorm|eva|adapter-.*, 20, 0",
        "gemma2, layers, gradient-norm|fisher|resnorm|knn|ablation|eva|adapter-.*, 0, 0",
        "bert, whole, (?!eva).*, 0, 1e-6"
    })
    void allMeasures(String fixture, String load, String without, int resampled, double within) throws IOException {
        String measures = "--measure="
                + String.join(
                        ",",
                        Measures.ids().stream()
                                .filter(name -> !name.matches(without))
                                .toList());
        List<JsonNode> results = new ArrayList<>();
        for (String device : List.of("cpu", GPU)) {
            Path out = folder.resolve(device.replace(":", ""));
            run(
                    "analyze",
                    fixture,
                    device,
                    measures,
                    "--load=" + load,
                    "--batch=3",
                    "--bootstrap=" + resampled,
                    "--out=" + out);
            results.add(Json.read(out.resolve("analysis.json")));
        }
        assertThat(results.get(1).toString()).contains(GPU);
        assertWithin(within, results.get(1), results.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--variant=lora",
                "--variant=rslora --gradient-checkpointing",
                "--variant=dora",
                "--variant=pissa",
                "--variant=pissa_niter_4",
                "--variant=olora",
                "--variant=lora-ga",
                "--prefix-cache=1 --bias=all",
                "--prefix-cache=0 --optim=lion --accumulate=2",
                "--modules-to-save=pooler --label-smoothing=0.1"
            })
    void trainingEvaluationAndMerge(String flags) throws IOException {
        List<Path> runs = new ArrayList<>();
        for (String device : List.of("cpu", GPU)) {
            Path run = folder.resolve("run-" + device.replace(":", ""));
            Path merged = folder.resolve("merged-" + device.replace(":", ""));
            List<String> all = new ArrayList<>(List.of(flags.split(" ")));
            all.addAll(List.of(
                    "--layers=2,3",
                    "--steps=3",
                    "--batch=2",
                    "--validation=" + TokenRows.of("bert", folder),
                    "--evaluate-every=2",
                    "--checkpoint-every=2",
                    "--out=" + run));
            run("train", "bert", device, all.toArray(String[]::new));
            run("merge", "bert", null, "--adapter=" + run.resolve("adapter"), "--out=" + merged);
            runs.add(run);
        }
        List<String> lines = Files.readAllLines(runs.get(1).resolve("metrics.jsonl"));
        List<String> expected = Files.readAllLines(runs.get(0).resolve("metrics.jsonl"));
        assertThat(lines).hasSizeGreaterThan(3).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            assertSame(Json.parse(lines.get(i)), Json.parse(expected.get(i)));
        }
        assertSameFile(runs, "adapter/adapter_model.safetensors");
        assertThat(Files.mismatch(
                        folder.resolve("merged-cpu/model.safetensors"),
                        folder.resolve("merged-cuda0/model.safetensors")))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2"})
    void textIsGenerated(String fixture) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String device : List.of("cpu", GPU)) {
            for (String temperature : List.of("0", "0.8")) {
                Path out = folder.resolve("texts-" + device.replace(":", "") + ".jsonl");
                run(
                        "generate",
                        fixture,
                        device,
                        "--max-new-tokens=5",
                        "--ignore-eos",
                        "--temperature=" + temperature,
                        "--out=" + out);
                texts.add(Files.readString(out));
                Files.delete(out);
            }
        }
        assertThat(texts.subList(2, 4)).isEqualTo(texts.subList(0, 2));
    }

    private void run(String command, String fixture, String device, String... flags) {
        List<String> all = new ArrayList<>(List.of(command, "--model=" + Golden.folder(fixture)));
        if (device != null) {
            all.addAll(List.of("--data=" + TokenRows.of(fixture, folder), "--device=" + device, "--dtype=f32"));
        }
        all.addAll(Arrays.asList(flags));
        StrictEngine.shared().transfers().clear();
        assertThat(cli.run(all.toArray(String[]::new))).as(said()).isEqualTo(ExitCode.OK);
        if (GPU.equals(device)) {
            assertThat(StrictEngine.shared().transfers().seen()).isNotEmpty();
        }
    }

    private static void assertSame(JsonNode actual, JsonNode expected) {
        assertWithin(0, actual, expected);
    }

    private static void assertWithin(double tolerance, JsonNode actual, JsonNode expected) {
        Set<String> ignored = new HashSet<>(EarlierFilesTest.OF_THE_MOMENT);
        ignored.add("device");
        JsonNumbers.assertAlike(actual, expected, tolerance, ignored);
    }

    private static void assertSameFile(List<Path> runs, String name) throws IOException {
        assertThat(Files.mismatch(runs.get(0).resolve(name), runs.get(1).resolve(name)))
                .isEqualTo(-1);
    }

    private String said() {
        return String.join("\n", cli.errLines());
    }
}
