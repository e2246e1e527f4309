package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.install.AppFolders;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.BackgroundThreads;
import org.layerwise.testing.Golden;
import org.layerwise.testing.WordTokenizer;

class WorkbenchTest {

    @TempDir
    Path folder;

    @Test
    void aDecoderIsOpenedALayerAtATimeWithItsArchitecture() {
        ModelSettings settings =
                new ModelSettings(Golden.folder("llama").toString(), "cpu", ComputeType.BF16, Loading.LAYERS);
        AppFolders folders = new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));
        try (Workbench workbench = new Workbench(folders);
                OpenModel model = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
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
    void rowsThatWereBegunAreReadOnceAndTheirTokenizerIsOpenedWithTheModel() throws IOException {
        Path model = WordTokenizer.copy("bert", folder.resolve("model"));
        WordTokenizer.write(model, 20, Map.of(), List.of());
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"7 8\"}\n");
        DataSettings data = DataSettings.of(rows.toString());

        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"))) {
            workbench.beginReading(data, LabelUse.IGNORE);
            BackgroundThreads.awaitEnd("read rows");
            Files.writeString(rows, "{\"text\": \"9\"}\n");
            try (OpenModel opened = workbench.openModel(model.toString(), "cpu", Progress.none())) {
                BackgroundThreads.awaitEnd("open tokenizer");
                Files.writeString(model.resolve("tokenizer.json"), "{");

                Dataset read = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, Progress.none());
                assertThat(read.texts()).containsExactly("7 8");
                assertThat(opened.tokenize(read, data, Progress.none())
                                .rows()
                                .get(0)
                                .ids())
                        .containsExactly(7, 8);
            }
        }
    }

    @Test
    @Timeout(60)
    void aTokenizerThatIsBeingOpenedIsClosedAfterEveryFailure() throws IOException {
        Path model = WordTokenizer.copy("bert", folder.resolve("model"));
        WordTokenizer.write(model, 20, Map.of(), List.of());
        AtomicBoolean ended = new AtomicBoolean();
        OutOfMemoryError full = new OutOfMemoryError("full");
        Progress failing = new Progress() {
            @Override
            public void report(double fraction, String message) {
                throw full;
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };

        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            ModelBlueprint blueprint = ModelBlueprint.of(Engines.shared(), checkpoint);
            assertThatThrownBy(() -> new OpenModel(
                            ModelSettings.of(model.toString()),
                            Engines.shared(),
                            blueprint,
                            Device.CPU,
                            DType.F32,
                            MemoryNeed.of(1, 1, Long.MAX_VALUE, Loading.WHOLE),
                            ModelUse.ANY,
                            new TokenizerCheck(folder),
                            Optional.of(progress -> {
                                try {
                                    CancellableWait.sleep(Duration.ofHours(1), progress);
                                    return true;
                                } finally {
                                    ended.set(true);
                                }
                            }),
                            ModelListener.none(),
                            failing))
                    .isSameAs(full);
        }

        assertThat(ended).isTrue();
    }
}
