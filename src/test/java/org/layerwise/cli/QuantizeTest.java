package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.testing.Golden;

/** {@code --quantize} packs a model when a command opens it. */
class QuantizeTest {

    private static final Path MODEL = Golden.folder("llama_sharded_bf16");

    @TempDir
    Path folder;

    private ModelCommands commands;
    private Path copies;

    @BeforeEach
    void open() throws IOException {
        commands = new ModelCommands(folder, MODEL);
        copies = folder.resolve("cache/quantized");
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightQuantization.class,
            names = {"NONE"},
            mode = EnumSource.Mode.EXCLUDE)
    void aModelIsTrainedEvaluatedAndWritesAndItsCopyIsDeleted(WeightQuantization quantization) throws IOException {
        commands.analyseTrainEvaluateAndWrite("--quantize=" + quantization.id());

        assertThat(folder.resolve("analysis/methods.txt")).content().contains("quantised to " + quantization.id());
        assertThat(in(copies)).isEmpty();
    }

    @Test
    void trainingByLayersGivesTheSameLosses() throws IOException {
        assertThat(metrics("whole", "none")).isNotEqualTo(metrics("whole", "nf4"));
        assertThat(metrics("layers", "nf4")).isEqualTo(metrics("whole", "nf4"));
    }

    private List<String> metrics(String load, String quantize) throws IOException {
        Path run = folder.resolve("run-" + load + "-" + quantize);
        if (!Files.exists(run)) {
            assertThat(commands.run(
                            "train",
                            "--quantize=" + quantize,
                            "--load=" + load,
                            "--task=causal-lm",
                            "--steps=4",
                            "--layers=1-2",
                            "--out=" + run))
                    .isEqualTo(ExitCode.OK);
        }
        return losses(run);
    }

    private static List<String> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(".*\"loss\":\\s*([^,}]*).*", "$1"))
                .toList();
    }

    /** A stopped run is packed again as it began, and its config.yaml trains the same again. */
    @Test
    void aRunGoesOnAndIsRepeatedWithItsQuantisation() throws IOException {
        List<String> whole = metrics("whole", "nf4");
        Path run = folder.resolve("run-whole-nf4");
        Path again = folder.resolve("again");

        assertThat(commands.cli().run("train", "--config=" + run.resolve("config.yaml"), "--out=" + again))
                .isEqualTo(ExitCode.OK);
        assertThat(losses(again)).isEqualTo(whole);

        Path record = run.resolve("run.json");
        Json.write(record, ((ObjectNode) Json.read(record)).put("state", "running"));
        Files.delete(run.resolve("summary.json"));
        assertThat(commands.cli().run("train", "--resume", run.toString())).isEqualTo(ExitCode.OK);
        assertThat(losses(run)).isEqualTo(whole);
        Json.write(record, ((ObjectNode) Json.read(record)).put("state", "running"));
        assertThat(commands.run("train", "--task=causal-lm", "--steps=4", "--layers=1-2", "--resume", "--out=" + run))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains("The run in %s began with --quantize nf4, not".formatted(run));
    }

    @Test
    void keepingWithoutPackingIsSaid() {
        assertThat(commands.run("analyze", "--keep-quantized", "--out=" + folder.resolve("kept")))
                .isEqualTo(ExitCode.OK);

        assertThat(commands.cli().errLines())
                .contains("--keep-quantized keeps what --quantize packs, and nothing was packed; give both.");
        assertThat(copies).doesNotExist();
    }

    @Test
    void aComparisonSaysThatOneModelWasQuantised() {
        Path stored = folder.resolve("stored");
        Path packed = folder.resolve("packed");
        assertThat(commands.run("analyze", "--out=" + stored)).isEqualTo(ExitCode.OK);
        assertThat(stored.resolve("methods.txt")).content().doesNotContain("quantised to");
        assertThat(commands.run("analyze", "--quantize=nf4", "--out=" + packed)).isEqualTo(ExitCode.OK);

        assertThat(commands.cli().run("compare", "--analysis=" + stored, "--analysis=" + packed))
                .isEqualTo(ExitCode.OK);

        assertThat(commands.cli().out()).contains("different settings: quantize (none, nf4)");
    }

    @Test
    void aKeptCopyIsTakenAgain() throws IOException {
        assertThat(commands.run("extract", "--quantize=nf4", "--keep-quantized", "--out=" + folder.resolve("a")))
                .isEqualTo(ExitCode.OK);
        Path copy = in(copies).get(0);
        assertThat(copy.getFileName().toString()).startsWith("llama_sharded_bf16-nf4-");
        Path layer = in(copy).get(0);
        FileTime written = Files.getLastModifiedTime(layer);

        assertThat(commands.run("extract", "--quantize=nf4", "--keep-quantized", "--out=" + folder.resolve("b")))
                .isEqualTo(ExitCode.OK);
        assertThat(commands.run("extract", "--quantize=nf4", "--out=" + folder.resolve("c")))
                .isEqualTo(ExitCode.OK);

        assertThat(in(copies)).containsExactly(copy);
        assertThat(Files.getLastModifiedTime(layer)).isEqualTo(written);
        try (SafetensorsFile one = SafetensorsFile.open(layer)) {
            assertThat(one.names()).anyMatch(name -> name.endsWith(".absmax"));
        }
    }

    @Test
    void aKeptCopyThatIsCutShortOrLacksAFileIsMadeAnew() throws IOException {
        String[] flags = {"--quantize=int8", "--keep-quantized", "--out=" + folder.resolve("a")};
        assertThat(commands.run("extract", flags)).isEqualTo(ExitCode.OK);
        List<Path> layers = in(in(copies).get(0));
        byte[] first = Files.readAllBytes(layers.get(0));
        Files.write(layers.get(0), Arrays.copyOf(first, first.length / 2));
        flags[2] = "--out=" + folder.resolve("b");
        assertThat(commands.run("extract", flags)).isEqualTo(ExitCode.OK);
        assertThat(layers.get(0)).hasBinaryContent(first);
        Files.delete(layers.get(1));
        flags[2] = "--out=" + folder.resolve("c");
        assertThat(commands.run("extract", flags)).isEqualTo(ExitCode.OK);
        assertThat(in(in(copies).get(0))).isEqualTo(layers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantised/bnb_nf4", "quantised/gptq_int4"})
    void aQuantisedModelIsRefused(String model) {
        int code = commands.runOn(Golden.folder(model), "extract", "--quantize=nf4", "--out=" + folder.resolve("out"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains(Golden.folder(model).toString(), "is quantised already", "--quantize nf4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_f64"})
    void aModelWithTransposedMatricesOrIn64BitsIsRefused(String model) {
        int code = commands.runOn(Golden.folder(model), "extract", "--quantize=nf4", "--out=" + folder.resolve("out"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains(model, "no matrices that --quantize can pack");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void jobsOnClustersAreRefused() {
        int code = commands.run(
                "export-job", "--quantize=nf4", "--task=causal-lm", "--steps=2", "--out=" + folder.resolve("job"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains("--quantize nf4", "clusters");
        assertThat(folder.resolve("job")).doesNotExist();
    }
}
