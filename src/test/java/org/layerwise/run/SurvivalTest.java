package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.json.Json;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.Loading;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.training.TrainingChild;

/** Trainings that are killed, as {@code kill -9} does, and go on. */
class SurvivalTest {

    private static final int STEPS = 600;
    private static final int KILLS = 20;

    /** Steps of a training that is killed twice. */
    private static final int FEW_STEPS = 60;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void write() {
        data = TinyStudy.classes(folder);
    }

    @Test
    void aTrainingThatIsKilledAgainAndAgainEndsAsIfNothingHadHappened() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(TrainingChild.run(child(whole, 0))).isZero();

        Path out = folder.resolve("killed");
        Random random = new Random(20);
        int kills = 0;
        int inWrite = 0;
        while (kills < KILLS) {
            Process process = child(out, 1).start();
            boolean writing = kills % 2 == 0;
            waitForProgress(process, out, random.nextInt(20));
            if (writing) {
                inWrite += waitForWrite(process, out) ? 1 : 0;
            } else {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(120));
            }
            assertThat(process.isAlive())
                    .as("it is still running at kill %d", kills)
                    .isTrue();
            process.destroyForcibly().waitFor();
            kills++;
        }
        assertThat(Run.open(out).state()).isEqualTo(RunState.INTERRUPTED);
        assertThat(TrainingChild.run(child(out, 1))).isZero();

        assertThat(inWrite).as("kills while a checkpoint was written").isGreaterThanOrEqualTo(5);
        assertThat(told(out)).isEqualTo(told(whole));
        assertThat(told(out).stream().filter(line -> line.startsWith("step"))).hasSize(STEPS);
        assertThat(Files.readAllBytes(out.resolve("adapter/adapter_model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("adapter/adapter_model.safetensors")));
        JsonNode summary = Json.read(out.resolve("summary.json"));
        for (String key : List.of("before", "after", "final_loss", "adapter_step", "steps")) {
            assertThat(summary.path(key))
                    .isEqualTo(Json.read(whole.resolve("summary.json")).path(key));
        }
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
        assertThat(names(out.resolve("checkpoints"))).containsExactlyInAnyOrder("step-599", "step-600");
        assertThat(names(out)).noneMatch(name -> name.contains(".part"));
    }

    /** What matrices are made from in each computation is not part of a checkpoint. */
    @ParameterizedTest
    @CsvSource({"LAYERS, NONE", "LAYERS, NF4", "WHOLE, NF4_DOUBLE", "LAYERS, INT8"})
    void soDoesATrainingWhoseMatricesAreInFilesOrPacked(Loading loading, WeightQuantization quantization)
            throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(TrainingChild.run(TrainingChild.opening(child(whole, FEW_STEPS, 0), loading, quantization)))
                .isZero();

        Path out = folder.resolve("killed");
        for (int kill = 0; kill < 2; kill++) {
            Process process = TrainingChild.opening(child(out, FEW_STEPS, 1), loading, quantization)
                    .start();
            waitForProgress(process, out, 12);
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().waitFor();
        }
        assertThat(TrainingChild.run(TrainingChild.opening(child(out, FEW_STEPS, 1), loading, quantization)))
                .isZero();

        assertThat(told(out)).isEqualTo(told(whole));
        assertThat(Files.readAllBytes(out.resolve("adapter/adapter_model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("adapter/adapter_model.safetensors")));
        // packed matrices of the killed processes are gone, too
        assertThat(names(folder.resolve("home/cache/quantized"))).isEmpty();
    }

    private ProcessBuilder child(Path out, int checkpointEvery) {
        return child(out, STEPS, checkpointEvery);
    }

    private ProcessBuilder child(Path out, int steps, int checkpointEvery) {
        return TrainingChild.command(folder.resolve("home"), data, out, steps, checkpointEvery);
    }

    /** Until the process has written so many more lines of metrics. */
    private static void waitForProgress(Process process, Path out, int lines) throws Exception {
        Path metrics = out.resolve("metrics.jsonl");
        long target = -1;
        boolean begun = false;
        while (process.isAlive()) {
            boolean running = Files.exists(out.resolve("run.json"))
                    && Json.read(out.resolve("run.json"))
                            .path("process")
                            .asText()
                            .startsWith(process.pid() + "@");
            if (running && !begun) {
                begun = true;
                target = count(metrics) + lines;
            }
            if (begun && count(metrics) >= target) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static long count(Path metrics) throws IOException {
        if (!Files.exists(metrics)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(metrics)) {
            return lines.count();
        }
    }

    /** Whether an unfinished checkpoint was seen. */
    private static boolean waitForWrite(Process process, Path out) throws IOException {
        while (process.isAlive()) {
            if (names(out.resolve("checkpoints")).stream().anyMatch(name -> name.contains(".part"))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** All that does not depend on the clock. */
    private static List<String> told(Path run) throws IOException {
        List<String> told = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode json = Json.parse(line);
            told.add(
                    json.has("loss")
                            ? "step %s: %s %s %s"
                                    .formatted(
                                            json.path("step").asInt(),
                                            json.path("loss").asText(),
                                            json.path("grad_norm").asText(),
                                            json.path("learning_rate").asText())
                            : line);
        }
        return told;
    }
}
