package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.settings.StartMode;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Runs that cannot go on end with the reason, leave whole files, and go on when there is room again. */
class FailedRunTest {

    private static final int STEPS = 24;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void write() {
        data = TinyStudy.classes(folder);
    }

    private ProcessBuilder child(Path out) {
        return TrainingChild.command(folder.resolve("home"), data, out, STEPS, 5);
    }

    private static String log(Path out) throws IOException {
        return Files.readString(out.resolveSibling(out.getFileName() + ".log"));
    }

    private static List<String> losses(Path run) throws IOException {
        List<String> losses = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            var json = Json.parse(line);
            if (json.has("loss")) {
                losses.add(json.path("step").asText() + " " + json.path("loss").asText());
            }
        }
        return losses;
    }

    private static void assertNoPartsLeft(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains(".part"));
        }
    }

    /** A limit on the size of files: a checkpoint is larger, the lines of metrics are not. */
    @Test
    void aCheckpointThatCannotBeWrittenEndsTheRunAndItGoesOnLater() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(TrainingChild.run(child(whole))).isZero();

        Path out = folder.resolve("refused");
        assertThat(TrainingChild.run(TrainingChild.limited(child(out), 100_000)))
                .isEqualTo(TrainingChild.FAILED);

        assertThat(log(out)).contains(out.toString()).contains("File too large").doesNotContain("\tat ");
        Run failed = Run.open(out);
        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        assertThat(Json.read(out.resolve("run.json")).path("reason").asText()).contains("File too large");
        assertThat(losses(out)).isEqualTo(losses(whole).subList(0, 5));
        assertNoPartsLeft(out);

        assertThat(TrainingChild.run(child(out))).isZero();
        assertThat(losses(out)).isEqualTo(losses(whole));
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
    }

    /** A file system of its own with less room than the checkpoints need. */
    @Test
    void aFullDiskEndsTheRun() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeThat(mounts(small)).as("this process may mount a file system").isTrue();
        Path kept = folder.resolve("kept");
        ProcessBuilder child = child(small.resolve("run"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-rm",
                "bash",
                "-c",
                "mount -t tmpfs -o size=280k tmpfs '%s' && \"$@\"; code=$?; cp -a '%s/run' '%s'; exit $code"
                        .formatted(small, small, kept),
                "bash"));
        command.addAll(child.command());

        assertThat(TrainingChild.run(child.command(command))).isEqualTo(TrainingChild.FAILED);

        assertThat(log(small.resolve("run")))
                .contains("No space left on device")
                .doesNotContain("\tat ");
        assertNoPartsLeft(kept);
        // what is there is whole: the run goes on elsewhere
        assertThat(TrainingChild.run(child(kept))).isZero();
        Path whole = folder.resolve("whole");
        assertThat(TrainingChild.run(child(whole))).isZero();
        assertThat(losses(kept)).isEqualTo(losses(whole));
    }

    private static boolean mounts(Path folder) throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", folder.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no unshare
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedBeforeAnything() {
        Path out = Path.of("/proc/layerwise-run"); // not even by root
        assumeThat(Path.of("/proc/self")).exists();
        assertThatThrownBy(() -> train(out, TrainingListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(out.toString());
    }

    /** What libtorch itself says when it gets no memory. */
    @Test
    void tooLittleMemoryIsToldWithAWayOut() {
        TensorEngine engine = Engines.shared();
        Throwable failure = null;
        try (Scope scope = engine.inference()) {
            engine.zeros(DType.F32, Device.CPU, 1L << 45);
        } catch (RuntimeException e) {
            failure = e;
        }
        assertThat(failure).isNotNull();
        assertThat(RunFailure.told(failure))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("There is not enough memory for a training step; use a smaller --batch");
    }

    @Test
    void aRunThatRunsOutOfMemoryFailsAndGoesOnLater() throws IOException {
        Path out = folder.resolve("heap");
        assertThatThrownBy(() -> train(out, outOfMemory()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The memory of Java is used up");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertNoPartsLeft(out);

        train(out, TrainingListener.none());
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.none());
        assertThat(losses(out)).isEqualTo(losses(whole));
    }

    /** As in a run's folder that somebody handed on. */
    @ParameterizedTest
    @ValueSource(strings = {"adapter", "tensorboard", "checkpoints/step-5/adapter", "summary.json", "metrics.jsonl"})
    void nothingIsWrittenThroughALink(String name) throws IOException {
        Path out = folder.resolve("linked");
        assertThatThrownBy(() -> train(out, outOfMemory())).isInstanceOf(UserException.class);
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Path mine = Files.writeString(precious.resolve("README.md"), "mine");
        boolean isFile = name.contains(".");
        Path link = out.resolve(name);
        Files.deleteIfExists(link);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, isFile ? mine : precious);

        assertThatThrownBy(() -> train(out, TrainingListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("%s is a link", link);
        assertThat(precious).isDirectoryContaining(mine::equals);
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aRunWhoseFolderIsMovedEndsAtOnceAndGoesOnThere() throws IOException {
        Path out = folder.resolve("run");
        Path moved = folder.resolve("moved");
        assertThatThrownBy(() -> train(out, new At(7, () -> out.toFile().renameTo(moved.toFile()))))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s was deleted or moved during the training, so nothing more can be kept there; train anew, into another folder if this one is in use.",
                        out.resolve("metrics.jsonl"));
        assertThat(out).doesNotExist();
        assertThat(losses(moved)).hasSize(7);

        train(moved, TrainingListener.none());
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.none());
        assertThat(losses(moved)).isEqualTo(losses(whole));
    }

    private static At outOfMemory() {
        return new At(7, () -> {
            throw new OutOfMemoryError("Java heap space");
        });
    }

    /** Does something after a step. */
    private record At(int step, Runnable action) implements TrainingListener {
        @Override
        public void step(StepRecord record) {
            if (record.step() == step) {
                action.run();
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            // nothing to do
        }
    }

    private void train(Path out, TrainingListener listener) {
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        try (OpenModel model = TinyStudy.open(workbench)) {
            new TrainingJob(
                            workbench,
                            model,
                            TrainingChild.rows(data),
                            TrainingChild.settings(data, STEPS, 5),
                            out,
                            StartMode.RESUME,
                            new PauseSwitch())
                    .run(Progress.none(), listener);
        }
    }
}
