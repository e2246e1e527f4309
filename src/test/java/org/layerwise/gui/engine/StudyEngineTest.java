package org.layerwise.gui.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.install.AppFolders;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.testing.Golden;

class StudyEngineTest {

    @TempDir
    Path folder;

    @Test
    void aDecoderIsOpenedALayerAtATimeWithItsArchitecture() {
        ModelSettings settings =
                new ModelSettings(Golden.folder("llama").toString(), "cpu", ComputeType.BF16, Loading.LAYERS);
        try (StudyEngine engine = engine();
                LoadedModel model = engine.openModel(settings, new PauseSwitch(), Progress.none())) {
            assertThat(model.card().memory().byLayers()).isTrue();
            assertThat(model.card().dtype()).isEqualTo("bfloat16");
            ModelInspection inspection = model.inspection();
            assertThat(inspection.parameters()).isEqualTo(model.card().parameters());
            assertThat(inspection.parametersOf(0))
                    .isEqualTo(inspection.parametersOf(3))
                    .isPositive();
        }
    }

    @Test
    void anAnalysisIsNotFetchedForOtherRowsThanItWasAskedFor() throws Exception {
        new ClusterRegistry(folder.resolve("config"))
                .add(
                        new Cluster.Ray(
                                "lab",
                                URI.create("http://127.0.0.1:1"),
                                new StorageFolder("/mnt/lab", Optional.of(folder.resolve("storage"))),
                                Optional.empty(),
                                "python"),
                        false);
        Path rows = Golden.folder("llama").resolve("rows.jsonl");
        Path asked = Files.writeString(
                folder.resolve("asked.yaml"),
                "model: %s\ndata: %s\non: lab\nmodel-there: /models/llama\n".formatted(Golden.folder("llama"), rows));
        try (StudyEngine engine = engine()) {
            assertThat(engine.clusters().left()).isEmpty();
            PendingAnalysis left =
                    new PendingAnalysis(folder.resolve("job"), "llama", "rows", Configuration.read(asked));
            assertThatThrownBy(() -> engine.fetch(left, null, SshQuestions.unanswered(), Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("The model, the rows or the cluster lab have changed");
        }
    }

    private StudyEngine engine() {
        return new StudyEngine(new Workbench(new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"))));
    }
}
