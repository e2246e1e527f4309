package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.model.ClassNames;
import org.layerwise.testing.Golden;

class TrajectoryCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path checkpoints;
    private Path out;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        checkpoints = Files.createDirectories(folder.resolve("training"));
        out = folder.resolve("out");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    private static String rows(String fixture) {
        return "--data=" + Golden.folder(fixture).resolve("rows.jsonl");
    }

    private void run(String... args) {
        assertThat(cli.run(all(args))).as(String.join("\n", cli.errLines())).isEqualTo(ExitCode.OK);
    }

    private String[] all(String... args) {
        return Stream.concat(
                        Stream.of("trajectory", "--checkpoints=" + checkpoints, "--device=cpu", "--out=" + out),
                        Stream.of(args))
                .toArray(String[]::new);
    }

    @Test
    void modelsAreRankedInTheOrderOfTheirSteps() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step10000"));
        copy(Golden.folder("mistral"), checkpoints.resolve("step2000"));
        Files.createDirectories(checkpoints.resolve("logs"));

        run(rows("llama"), "--measure=cka,cosine");

        List<String> lines = Files.readAllLines(out.resolve("checkpoints.csv"));
        assertThat(lines.get(0)).startsWith("checkpoint,step,0,1,2");
        assertThat(lines.get(1)).startsWith("step2000,2000,");
        assertThat(lines.get(2)).startsWith("step10000,10000,");
        assertThat(out.resolve("checkpoints.png")).isNotEmptyFile();
        assertThat(out.resolve("checkpoints-cosine.csv")).isNotEmptyFile();
        assertThat(out.resolve("checkpoints-cosine.png")).isNotEmptyFile();
        JsonNode json = Json.read(out.resolve("checkpoints.json"));
        assertThat(json.path("checkpoints").path(1).path("step").asLong()).isEqualTo(10000);

        // each line is what analyze gives for that checkpoint
        Path alone = folder.resolve("alone");
        assertThat(cli.run(
                        "analyze",
                        "--model=" + checkpoints.resolve("step10000"),
                        rows("llama"),
                        "--measure=cka,cosine",
                        "--device=cpu",
                        "--out=" + alone))
                .isEqualTo(ExitCode.OK);
        Analysis analysis = AnalysisFolder.read(alone);
        String[] cells = lines.get(2).split(",", -1);
        for (int layer = 0; layer < analysis.layers(); layer++) {
            if (analysis.importance().of(layer).isPresent()) {
                assertThat(Double.parseDouble(cells[2 + layer]))
                        .isCloseTo(analysis.importance().of(layer).getAsDouble(), within(1e-12));
            } else {
                assertThat(cells[2 + layer]).isEmpty();
            }
        }
    }

    @Test
    void layersAreComparedWithTheFirstAndTheLastCheckpoint() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1000"));
        copy(Golden.folder("mistral"), checkpoints.resolve("step2000"));
        copy(Golden.folder("llama"), checkpoints.resolve("step3000"));

        run(rows("llama"), "--measure=debiased-cka,cosine,cka");

        assertThat(out.resolve("similarity-to-first.png")).isNotEmptyFile();
        assertThat(out.resolve("similarity-to-last-cka.png")).isNotEmptyFile();
        // cosine does not follow from Gram matrices
        assertThat(out.resolve("similarity-to-first-cosine.csv")).doesNotExist();
        double[][] first = values("similarity-to-first-cka.csv");
        double[][] last = values("similarity-to-last-cka.csv");
        for (int layer = 0; layer < first[0].length; layer++) {
            assertThat(first[0][layer]).isCloseTo(1, within(1e-9));
            assertThat(first[2][layer]).isCloseTo(1, within(1e-9));
            assertThat(last[2][layer]).isCloseTo(1, within(1e-9));
            assertThat(first[1][layer]).isLessThan(0.999);
        }

        // each value is what compare gives for the two analyses, on its diagonal
        Path compared = folder.resolve("compared");
        assertThat(cli.run(
                        "compare",
                        "--analysis=" + out.resolve("steps/step2000") + "," + out.resolve("steps/step1000"),
                        "--measure=cka",
                        "--out=" + compared))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
        List<String> cross = Files.readAllLines(compared.resolve("cross-similarity.csv"));
        for (int layer = 0; layer < first[1].length; layer++) {
            assertThat(first[1][layer])
                    .isCloseTo(Double.parseDouble(cross.get(layer + 2).split(",")[layer + 2]), within(1e-12));
        }
    }

    @Test
    void filesOfOtherSettingsDoNotStay() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        copy(Golden.folder("llama"), checkpoints.resolve("step2"));
        run(rows("llama"), "--measure=cka");
        assertThat(out.resolve("steps/step1/grams.safetensors")).isNotEmptyFile();
        assertThat(out.resolve("similarity-to-first.csv")).isNotEmptyFile();

        run(rows("llama"), "--measure=cosine");
        assertThat(out.resolve("steps/step1/grams.safetensors")).doesNotExist();
        assertThat(out.resolve("similarity-to-first.csv")).doesNotExist();
        assertThat(out.resolve("similarity-to-last.png")).doesNotExist();
        assertThat(out.resolve("checkpoints.csv")).isNotEmptyFile();
    }

    @Test
    void lostOrBrokenGramMatricesAreNotPassedOver() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        copy(Golden.folder("mistral"), checkpoints.resolve("step2"));
        run(rows("llama"), "--measure=cka");
        String before = Files.readString(out.resolve("similarity-to-last.csv"));
        Path grams = out.resolve("steps/step2/grams.safetensors");

        Files.delete(grams);
        run(rows("llama"), "--measure=cka");
        assertThat(grams).isNotEmptyFile();
        assertThat(out.resolve("similarity-to-last.csv")).hasContent(before);

        Files.write(grams, new byte[100]);
        assertThat(cli.run(all(rows("llama"), "--measure=cka"))).isNotEqualTo(ExitCode.OK);
        assertThat(cli.errLines())
                .anyMatch(line -> line.endsWith(
                        "grams.safetensors is broken; delete the folder %s and run layerwise trajectory again."
                                .formatted(grams.getParent())));
    }

    private double[][] values(String table) throws IOException {
        return Files.readAllLines(out.resolve(table)).stream()
                .skip(1)
                .map(line -> Stream.of(line.split(",", -1))
                        .skip(2)
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
    }

    @Test
    void aFinishedCheckpointIsNotComputedAgain() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        copy(Golden.folder("llama"), checkpoints.resolve("step2"));
        // files of a checkpoint are older than its analysis
        for (String step : List.of("step1", "step2")) {
            old(checkpoints.resolve(step));
        }
        run(rows("llama"));
        FileTime first = written("step1");
        FileTime second = written("step2");

        Files.setLastModifiedTime(
                checkpoints.resolve("step2/model.safetensors"),
                FileTime.from(Instant.now().plusSeconds(3600)));
        run(rows("llama"));
        assertThat(written("step1")).as("as it was").isEqualTo(first);
        assertThat(written("step2")).as("its weights are newer").isNotEqualTo(second);

        run(rows("llama"), "--samples=5");
        assertThat(written("step1")).as("other rows").isNotEqualTo(first);
    }

    private static void old(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    private FileTime written(String step) throws IOException {
        return Files.getLastModifiedTime(out.resolve("steps").resolve(step).resolve("analysis.json"));
    }

    @Test
    void adaptersAreRankedOnTheirModel() throws IOException {
        copy(Golden.folder("lora_llama").resolve("adapter_init"), checkpoints.resolve("checkpoint-1"));
        copy(Golden.folder("lora_llama").resolve("adapter_final"), checkpoints.resolve("checkpoint-6"));

        run("--model=" + Golden.folder("llama"), rows("llama"));

        List<String> lines = Files.readAllLines(out.resolve("checkpoints.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).substring(lines.get(1).indexOf(",1,")))
                .as("training changed the layers")
                .isNotEqualTo(lines.get(2).substring(lines.get(2).indexOf(",6,")));
    }

    @Test
    void theCheckpointsOfARunAreItsAdapterAtTheirSteps() throws IOException {
        assertThat(cli.run(
                        "train",
                        "--model=" + Golden.folder("llama"),
                        rows("llama"),
                        "--task=causal-lm",
                        "--layers=0-3",
                        "--steps=4",
                        "--lr=0.01",
                        "--checkpoint-every=2",
                        "--device=cpu",
                        "--out=" + checkpoints))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);

        run("--model=" + Golden.folder("llama"), rows("llama"));

        List<String> lines = Files.readAllLines(out.resolve("checkpoints.csv"));
        assertThat(lines.get(1)).startsWith("step-2,2,");
        assertThat(lines.get(2)).startsWith("step-4,4,");
        FileTime written = written("step-4");
        run(rows("llama"));
        assertThat(written("step-4")).as("the run's own model is that model").isEqualTo(written);
        // the last checkpoint is the adapter that the run has written
        Path alone = folder.resolve("alone");
        assertThat(cli.run(
                        "analyze",
                        "--model=" + Golden.folder("llama"),
                        "--adapter=" + checkpoints.resolve("adapter"),
                        rows("llama"),
                        "--device=cpu",
                        "--out=" + alone))
                .isEqualTo(ExitCode.OK);
        Analysis analysis = AnalysisFolder.read(alone);
        assertThat(AnalysisFolder.read(out.resolve("steps/step-4")).importance().all())
                .isEqualTo(analysis.importance().all());
        assertThat(AnalysisFolder.read(out.resolve("steps/step-2")).importance().all())
                .isNotEqualTo(analysis.importance().all());
    }

    @Test
    void theNamesOfClassesGoWithTheAdapterOfARun() throws IOException {
        Path rows = Files.writeString(
                folder.resolve("classes.jsonl"),
                IntStream.range(0, 12)
                        .mapToObj(row -> "{\"input_ids\": [2, %s, 9], \"label\": \"%s\"}%n"
                                .formatted(5 + row, row % 2 == 0 ? "zebra" : "ant"))
                        .collect(Collectors.joining()));
        String[] train = {
            "train",
            "--model=" + Golden.folder("bert"),
            "--data=" + rows,
            "--task=classification",
            "--layers=0-3",
            "--steps=2",
            "--checkpoint-every=1",
            "--device=cpu",
            "--out=" + checkpoints
        };
        assertThat(cli.run(train)).as(String.join("\n", cli.errLines())).isEqualTo(ExitCode.OK);
        Path trained = checkpoints.resolve("adapter").resolve(ClassNames.FILE);
        // in another order than that of the rows
        Files.writeString(trained, "[\"zebra\", \"ant\"]");

        run("--data=" + rows, "--measure=fisher");

        for (String step : List.of("step-1", "step-2")) {
            assertThat(Json.read(out.resolve("steps")
                            .resolve(step)
                            .resolve("adapter")
                            .resolve(ClassNames.FILE)))
                    .isEqualTo(Json.read(trained));
        }
    }

    @Test
    void aNewerFileInALinkedFolderIsSeen() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        copy(Golden.folder("llama"), folder.resolve("elsewhere"));
        Path beside = Files.writeString(
                Files.createDirectory(folder.resolve("beside")).resolve("notes.txt"), "notes");
        Files.setLastModifiedTime(beside, FileTime.from(Instant.now().minusSeconds(60)));
        Files.createSymbolicLink(checkpoints.resolve("step2"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(checkpoints.resolve("step1/more"), folder.resolve("beside"));
        old(folder.resolve("elsewhere"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Path file = checkpoints.resolve("step1").resolve(name);
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
        run(rows("llama"));
        FileTime first = written("step1");
        FileTime second = written("step2");

        Files.setLastModifiedTime(beside, FileTime.from(Instant.now().plusSeconds(3600)));
        run(rows("llama"));

        assertThat(written("step1")).as("a file in its linked folder is newer").isNotEqualTo(first);
        assertThat(written("step2")).isEqualTo(second);
    }

    @Test
    void aFolderThatLinksToItselfIsRefused() throws IOException {
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        copy(Golden.folder("llama"), checkpoints.resolve("step2"));
        run(rows("llama"));
        Files.createSymbolicLink(checkpoints.resolve("step2/again"), checkpoints.resolve("step2"));

        refused("Cannot read " + checkpoints.resolve("step2"), rows("llama"));
    }

    @Test
    void refusesWhatIsNoTraining() throws IOException {
        refused("holds no checkpoints", rows("llama"));
        copy(Golden.folder("llama"), checkpoints.resolve("step1"));
        refused("holds one checkpoint", rows("llama"));
        copy(Golden.folder("lora_llama").resolve("adapter_init"), checkpoints.resolve("step2"));
        refused("put them into two folders", rows("llama"));
        Files.move(checkpoints.resolve("step1"), folder.resolve("model"));
        copy(Golden.folder("lora_llama").resolve("adapter_final"), checkpoints.resolve("step3"));
        refused("give --model MODEL", rows("llama"));
        Files.createDirectories(out);
        Files.writeString(out.resolve("mine.txt"), "mine");
        refused("holds other files", rows("llama"), "--model=" + folder.resolve("model"));
    }

    private void refused(String sentence, String... args) {
        assertThat(cli.run(all(args))).isNotEqualTo(ExitCode.OK);
        assertThat(String.join("\n", cli.errLines())).contains(sentence);
    }
}
