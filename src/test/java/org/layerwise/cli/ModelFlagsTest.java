package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** {@code --dtype}, {@code --load} and {@code --image} on real commands, and the remarks about models. */
class ModelFlagsTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path out;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        out = folder.resolve("out");
    }

    @Test
    void aModelThatFitsIsNoRemarkWorth() {
        run("extract", "llama", TokenRows.of("llama", folder));

        assertThat(cli.errLines()).allMatch(line -> line.matches(" *\\d+ % .*"));
    }

    @Test
    void layersGiveTheSameAndSayWhatIsTaken() {
        Path rows = TokenRows.of("llama", folder);
        run("extract", "llama", rows);
        double[] whole = lastState();

        run("extract", "llama", rows, "--load=layers");

        assertThat(cli.errLines())
                .anyMatch(line -> line.matches(
                        "llama takes \\d+ KiB in float32(, \\S+ [KMGT]iB is free)?: using one layer at a time\\."));
        assertThat(lastState()).containsExactly(whole, Offset.offset(1e-4));
    }

    @Test
    void bfloat16ComputesWithFewerDigits() {
        Path rows = TokenRows.of("llama", folder);
        run("extract", "llama", rows);
        double[] full = lastState();

        run("extract", "llama", rows, "--dtype=bf16");

        double[] half = lastState();
        double largest = 0;
        for (int i = 0; i < full.length; i++) {
            largest = Math.max(largest, Math.abs(full[i] - half[i]));
        }
        assertThat(largest).isGreaterThan(1e-4).isLessThan(0.5);
    }

    @Test
    void float16OnAProcessorIsFloat32AndSaysSo() {
        run("extract", "llama", TokenRows.of("llama", folder), "--dtype=f16", "--device=cpu");

        assertThat(cli.errLines()).anyMatch(line -> line.startsWith("float16 is for GPUs; on the CPU"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--dtype=f32", "--dtype=bf16"})
    void trainingByLayersGivesTheSameAdapter(String type) throws IOException {
        Path rows = TokenRows.of("llama", folder);
        List<byte[]> adapters = new ArrayList<>();
        for (String load : List.of("whole", "layers")) {
            run(
                    "train",
                    "llama",
                    rows,
                    "--task=causal-lm",
                    "--steps=4",
                    type,
                    "--load=" + load,
                    "--layers=1-2",
                    "--out=" + folder.resolve(load));
            adapters.add(Files.readAllBytes(folder.resolve(load).resolve("adapter/adapter_model.safetensors")));
            assertThat(cli.errLines().stream().filter(line -> line.contains("computed again for the backward pass")))
                    .hasSize(load.equals("layers") ? 1 : 0);
        }

        assertThat(adapters.get(1)).isEqualTo(adapters.get(0));
    }

    /** How this computer would train says nothing of a job elsewhere. */
    @Test
    void aJobSaysNothingOfLayersThatAreComputedAgainHere() {
        run("export-job", "llama", TokenRows.of("llama", folder), "--task=causal-lm", "--load=layers", "--out=" + out);

        assertThat(cli.errLines()).noneMatch(line -> line.contains("computed again for the backward pass"));
    }

    @Test
    void textsAreGeneratedByLayers() throws IOException {
        Path rows = TokenRows.of("llama", folder);
        List<String> texts = new ArrayList<>();
        for (String load : List.of("whole", "layers")) {
            Path file = folder.resolve(load + ".jsonl");
            run("generate", "llama", rows, "--max-new-tokens=3", "--load=" + load, "--out=" + file);
            texts.add(Files.readString(file));
        }

        assertThat(texts.get(1)).isEqualTo(texts.get(0));
    }

    @Test
    void rowsThatAreLongerThanAnyInTrainingAreRemarkedOn() {
        run("extract", "llama_dynamic", TokenRows.of("llama_dynamic", folder));

        assertThat(cli.errLines())
                .contains("The longest row of llama_dynamic has 14 tokens, but the model was trained with at most 8; it"
                        + " may make little of longer rows.");
    }

    @Test
    void aRunsConfigReplaysIt() throws IOException {
        Path rows = TokenRows.of("bert", folder);
        run("train", "bert", rows, "--dtype=f32", "--load=whole", "--steps=2", "--layers=1");
        Path adapter = out.resolve("adapter/adapter_model.safetensors");
        byte[] first = Files.readAllBytes(adapter);
        assertThat(out.resolve("config.yaml")).content().contains("dtype: f32", "load: whole");

        Path again = folder.resolve("again");
        assertThat(cli.run("train", "--config", out.resolve("config.yaml").toString(), "--out", again.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(again.resolve("adapter/adapter_model.safetensors")).hasBinaryContent(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"extract", "analyze", "train", "evaluate"})
    void imagesForAModelThatSeesNoneAreRefused(String command) throws IOException {
        picture();

        assertRefused(
                "has images, but the model sees none",
                command,
                "llama_seqcls",
                TokenRows.of("llama_seqcls", folder, "wide.png"),
                "--image=picture");
    }

    @Test
    void imagesAreSeen() throws IOException {
        picture();
        Path rows = TokenRows.of("llava", folder, "wide.png");
        Path model = seeing();

        run("analyze", model, rows, "--image=picture", "--load=layers");
        assertThat(out.resolve("analysis.json")).content().contains("\"vision\"");
        run("extract", model, rows, "--image=picture", "--out=" + folder.resolve("seen"));
        assertThat(folder.resolve("seen")).isNotEmptyFile();
        run("train", model, rows, "--image=picture", "--steps=1", "--out=" + folder.resolve("run"));
        run(
                "evaluate",
                model,
                rows,
                "--image=picture",
                "--adapter=" + folder.resolve("run/adapter"),
                "--out=" + folder.resolve("metrics.json"));
    }

    @Test
    void whatIsWrongWithImagesIsPlain() throws IOException {
        picture();
        Path rows = TokenRows.of("llava", folder, "wide.png");

        assertRefused("has no preprocessor_config.json", "extract", "llava", rows, "--image=picture");
        assertRefused("has image tokens (id 5) but no image; name the column", "extract", "llava", rows);
        assertRefused("has no column \"images\"", "extract", "llava", rows, "--image=images");
        Path lost = TokenRows.of("llava", folder, "nowhere.png");
        assertThat(cli.run(args("extract", seeing(), lost, "--image=picture"))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("nowhere.png", "Row 1");
    }

    private void picture() throws IOException {
        Files.copy(Golden.folder("clip_images").resolve("wide.png"), folder.resolve("wide.png"));
    }

    private Path seeing() throws IOException {
        Path model = Files.createDirectories(folder.resolve("seeing"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder("llava").resolve(name), model.resolve(name));
        }
        Files.copy(
                Golden.folder("clip_images").resolve("preprocessor_config.json"),
                model.resolve("preprocessor_config.json"));
        return model;
    }

    private double[] lastState() {
        try (SafetensorsFile file = SafetensorsFile.open(out)) {
            return Golden.doubles(file, "hidden_states.4");
        }
    }

    private void run(String command, String fixture, Path rows, String... flags) {
        run(command, Golden.folder(fixture), rows, flags);
    }

    private void run(String command, Path model, Path rows, String... flags) {
        assertThat(cli.run(args(command, model, rows, flags)))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
    }

    private void assertRefused(String message, String command, String fixture, Path rows, String... flags) {
        assertThat(cli.run(args(command, Golden.folder(fixture), rows, flags))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().startsWith("layerwise: ").contains(message);
        assertThat(out).doesNotExist();
    }

    private String[] args(String command, Path model, Path rows, String... flags) {
        List<String> args = new ArrayList<>(List.of(command, "--model=" + model, "--data=" + rows));
        args.addAll(Arrays.asList(flags));
        if (args.stream().noneMatch(flag -> flag.startsWith("--out="))) {
            args.add("--out=" + out);
        }
        return args.toArray(String[]::new);
    }
}
