package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.FileHash;
import org.layerwise.run.Provenance;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.training.TrainingListener;

/** A model in the hub's cache whose files are edited after a run or an analysis began with it. */
class SnapshotChangesTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path folder;

    private Workbench workbench;
    private Path snapshot;
    private Path blob;
    private DataSettings rows;

    @BeforeEach
    void copyIntoTheHubsCache() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        rows = DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(4);
        Path model = folder.resolve("models--org--tiny");
        snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
        Path weights = Golden.folder("bert").resolve("model.safetensors");
        blob = Files.createDirectories(model.resolve("blobs")).resolve(FileHash.sha256(weights));
        Files.copy(weights, blob);
        Files.setLastModifiedTime(blob, FileTime.from(Instant.now().minusSeconds(60)));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/" + blob.getFileName()));
        Files.copy(Golden.folder("bert").resolve("config.json"), snapshot.resolve("config.json"));
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    private OpenModel open() {
        return workbench.openModel(snapshot.toString(), "cpu", Progress.none());
    }

    private TrainingSummary train(Path out, StartMode start) {
        try (OpenModel model = open()) {
            SettingValues run = SettingValues.none().with(RunSettings.CHECKPOINT_EVERY, 1);
            AdapterSettings one = AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1)), "by hand");
            TrainingSettings settings =
                    TrainingSettings.defaults().with(run).with(one).withHeldOut(rows.data(), null);
            return new TrainingJob(workbench, model, rows, settings, out, start, new PauseSwitch())
                    .run(Progress.none(), TrainingListener.none());
        }
    }

    private Path cutOff() throws IOException {
        Path out = folder.resolve("run");
        train(out, StartMode.OVERWRITE);
        Files.delete(out.resolve("summary.json"));
        Path file = out.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        return out;
    }

    private void editConfig() {
        ObjectNode config = (ObjectNode) Json.read(snapshot.resolve("config.json"));
        config.put("layer_norm_eps", 0.1);
        Json.write(snapshot.resolve("config.json"), config);
    }

    private void editBlob() throws IOException {
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length - 2] ^= 1;
        Files.write(blob, bytes);
    }

    private void assertRefused(Path run) {
        assertThatThrownBy(() -> train(run, StartMode.RESUME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the weights of %s have changed since it began".formatted(snapshot));
    }

    @Test
    void aRunDoesNotGoOnWithAnotherConfiguration() throws IOException {
        Path run = cutOff();
        editConfig();

        assertRefused(run);
    }

    @Test
    void aRunDoesNotGoOnWithOtherWeights() throws IOException {
        Path run = cutOff();
        byte[] before = Files.readAllBytes(blob);
        editBlob();
        assertRefused(run);

        Files.write(blob, before);
        assertThat(train(run, StartMode.RESUME).steps()).isPositive();
    }

    @Test
    void aRunOfAnEarlierVersionGoesOn() throws IOException {
        Path run = cutOff();
        ObjectNode json = (ObjectNode) Json.read(run.resolve("run.json"));
        assertThat(((ObjectNode) json.path("identity")).remove("model_snapshot_sha256"))
                .isNotNull();
        Json.write(run.resolve("run.json"), json);

        assertThat(train(run, StartMode.RESUME).steps()).isPositive();
    }

    @Test
    void anAnalysisHasChanged() {
        Provenance earlier;
        try (OpenModel model = open()) {
            AnalysisJob job = new AnalysisJob(workbench, model, rows, AnalysisSettings.defaults());
            earlier = job.run(Progress.none(), partial -> {}).provenance();
            assertThat(job.changedSince(earlier, Progress.none())).isEmpty();
        }
        assertThat(earlier.modelRevision()).isEqualTo(COMMIT);
        editConfig();

        try (OpenModel model = open()) {
            AnalysisJob job = new AnalysisJob(workbench, model, rows, AnalysisSettings.defaults());
            assertThat(job.changedSince(earlier, Progress.none())).hasValue("the weights of tiny");
        }
    }
}
