package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;

/** A run whose files were edited: a number of another type or size is refused by its name, and never read as another number. */
class EditedRunTest {

    private static final String RUN =
            """
            {"state": "finished", "layers": [1], "of": 4, "total_steps": 2}""";

    private static final String SUMMARY =
            """
            {"cancelled": false, "steps": 2, "cut_rows": 0, "layers": [1], "adapter_parameters": 8, "trainable_parameters": 9,
            "total_parameters": 99, "final_loss": "NaN", "seconds": 1.5, "seconds_per_step": 0.75, "peak_memory_bytes": null,
            "before": null, "after": {"loss": 0.5, "samples": 4, "accuracy": 0.75, "matthews": "NaN"}}""";

    private static final String CHECKPOINT =
            """
            {"step": 2, "epoch": 0, "batch": 2, "seed": 42, "seconds": 1.5, "last_loss": 0.5, "optimiser_updates": 2,
            "loss_scale": 1.0, "loss_scale_good_updates": 0, "before": null, "best_step": 1,
            "best": {"loss": 0.5, "samples": 4}, "evaluations_without_better": 0, "evaluation_due": false, "metrics_bytes": 9,
            "identity": {}}""";

    private static final String STEP =
            """
            {"step":1,"loss":0.5,"learning_rate":0.1,"grad_norm":"Infinity","tokens_per_second":9.5,"seconds":1,"memory_bytes":7}""";

    private static final String EVALUATION =
            """
            {"step":1,"eval_loss":0.5,"eval_samples":4,"eval_accuracy":0.75}""";

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text + "\n");
    }

    private Path edited(String name, String json, String key, String value) throws IOException {
        try {
            ObjectNode object = (ObjectNode) Json.parse(json);
            object.set(key, Json.parse(value));
            return write(name, Json.line(object));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(Path file, String key, Runnable reading) {
        assertThatThrownBy(reading::run)
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining('"' + key + '"');
    }

    @Test
    void whatTrainWritesIsRead() throws IOException {
        write("run.json", RUN);
        write("metrics.jsonl", EVALUATION + "\n" + STEP);
        TrainingSummary summary = SummaryFile.read(write("summary.json", SUMMARY));
        Run run = Run.open(folder);
        RunCheckpoint checkpoint = readCheckpoint(write("checkpoint.json", CHECKPOINT));

        assertThat(summary.steps()).isEqualTo(2);
        assertThat(summary.finalLoss()).isNaN();
        assertThat(summary.after().metrics()).isEqualTo(Map.of("accuracy", 0.75, "matthews", Double.NaN));
        assertThat(run.layers()).containsExactly(1);
        assertThat(run.history().steps().get(0).gradNorm()).isInfinite();
        assertThat(run.history().evaluations().get(0).evaluation().metrics()).isEqualTo(Map.of("accuracy", 0.75));
        assertThat(checkpoint.state().step()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            layers      | [0, "x"]
            layers      | [-5]
            layers      | [1e20]
            layers      | "all"
            of          | 1e30
            total_steps | "a lot"
            """)
    void ofRunJson(String key, String value) throws IOException {
        Path file = edited("run.json", RUN, key, value);
        assertRefused(file, key, () -> Run.open(folder));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            cancelled         | "maybe"
            steps             | "x"
            steps             | 2.5
            layers            | [3.7]
            total_parameters  | 1e40
            final_loss        | "abc"
            seconds           | -1e300
            peak_memory_bytes | 1e40
            """)
    void ofSummary(String key, String value) throws IOException {
        Path file = edited("summary.json", SUMMARY, key, value);
        assertRefused(file, key, () -> SummaryFile.read(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            accuracy | {"after": {"loss": 0.5, "samples": 4, "accuracy": "0.95x"}}
            samples  | {"after": {"loss": 0.5, "samples": 1e20}}
            loss     | {"test": {"loss": [], "samples": 4}}
            """)
    void ofAnEvaluation(String key, String json) throws IOException {
        Path file = write("summary.json", json);
        assertRefused(file, key, () -> SummaryFile.read(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            step          | null
            step          | "1"
            loss          | "low"
            memory_bytes  | 1e40
            eval_loss     | "low"
            eval_samples  | -4
            eval_accuracy | "0.95"
            """)
    void ofMetrics(String key, String value) throws IOException {
        Path file = edited("metrics.jsonl", key.startsWith("eval") ? EVALUATION : STEP, key, value);
        assertRefused(file, key, () -> RunHistory.read(file, 2));
    }

    /** As no object, a file has no key, and every number in it would be 0. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "[1]", "1"})
    void ofAWholeFile(String json) throws IOException {
        Path run = write("run.json", json);
        assertThatThrownBy(() -> Run.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s holds no run; delete it, and go on with --resume and all flags that the run began with.",
                        run);

        Path summary = write("summary.json", json);
        assertThatThrownBy(() -> SummaryFile.read(summary))
                .isInstanceOf(UserException.class)
                .hasMessage("%s holds no summary of a run; put back the file that train wrote.", summary);
    }

    @Test
    void ofRunJsonOfAnySize() throws IOException {
        Path file = write("run.json", RUN);
        enlarge(file);
        assertThatThrownBy(() -> Run.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s takes 3.0 GiB, more than the 256 MiB that such a file may have; delete it, and go on with --resume and all flags that the run began with.",
                        file);
    }

    /** Makes a file of 3 GiB, most of which takes no space on the disk. */
    private static void enlarge(Path file) throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(3L << 30);
        }
    }

    @Test
    void ofMetricsThatAreNoText() throws IOException {
        Path file = Files.write(folder.resolve("metrics.jsonl"), new byte[] {'{', (byte) 0xff, '}', '\n'});
        assertThatThrownBy(() -> RunHistory.read(file, 2))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read %s: it holds bytes that are no UTF-8 text.", file);
    }

    /** One such run would end the listing of all others by a lack of memory. */
    @Test
    void ofMetricsOfAnySize() throws IOException {
        Path file = write("metrics.jsonl", STEP);
        enlarge(file);
        assertThatThrownBy(() -> RunHistory.read(file, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("takes 3.0 GiB");
    }

    /** A step that is read as 0 would train the weights of step 2 anew with the rows of the first steps. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            step              | "two"
            step              | null
            best_step         | 1.5
            optimiser_updates | "2x"
            optimiser_updates | 3
            loss_scale        | "NaN"
            loss_scale        | 0
            loss_scale        | -1.0
            evaluation_due    | 7
            metrics_bytes     | "all"
            """)
    void ofACheckpoint(String key, String value) throws IOException {
        Path file = edited("checkpoint.json", CHECKPOINT, key, value);
        assertRefused(file, key, () -> readCheckpoint(file));
    }

    /** Rounded weights or a mean square below 0 would end in another adapter, or in the advice to learn more slowly. */
    @Test
    void ofTheTensorsOfACheckpoint() throws IOException {
        write("checkpoint.json", CHECKPOINT);
        Path state = folder.resolve("state.safetensors");

        for (float square : new float[] {-1, Float.NaN}) {
            SafetensorsWriter.write(
                    state,
                    List.of(Named.of("first.a", new float[1], 1), Named.of("second.a", new float[] {square}, 1)),
                    Map.of());
            assertThatThrownBy(() -> RunCheckpoint.read(folder, Engines.shared()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("%s holds the mean square %s of a".formatted(state, square));
        }
        SafetensorsWriter.write(
                state, List.of(Named.of("weight.a", DType.F16, new long[] {1}, ByteBuffer.allocate(2))), Map.of());
        assertThatThrownBy(() -> RunCheckpoint.read(folder, Engines.shared()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("%s holds weight.a in F16".formatted(state));
    }

    private RunCheckpoint readCheckpoint(Path file) {
        Path at = file.toAbsolutePath().getParent();
        SafetensorsWriter.write(at.resolve("state.safetensors"), List.of(), Map.of("format", "pt"));
        return RunCheckpoint.read(at, Engines.shared());
    }
}
