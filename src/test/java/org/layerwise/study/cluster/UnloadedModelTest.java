package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.Folders;
import org.layerwise.install.AppFolders;
import org.layerwise.lora.Bias;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.Golden;
import org.layerwise.training.TrainingListener;

/** A model that is opened without its weights gives clusters the very job that a loaded one gives. */
class UnloadedModelTest {

    @TempDir
    Path folder;

    private Workbench workbench;
    private final int liveBefore = Engines.shared().liveTensors();

    @BeforeEach
    void start() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
    }

    @AfterEach
    void nothingIsLeft() {
        workbench.close();
        assertThat(Engines.shared().liveTensors()).isEqualTo(liveBefore);
    }

    private OpenModel open(Path model, Loading loading) {
        return workbench.openModel(
                new ModelSettings(model.toString(), "cpu", ComputeType.AUTO, loading),
                new PauseSwitch(),
                Progress.none());
    }

    private Path job(Path model, Loading loading, DataSettings data, AdapterSettings adapter) {
        return job(model, loading, data, adapter, RemoteOptions.by(new WorkerCount(1, false)));
    }

    private Path job(Path model, Loading loading, DataSettings data, AdapterSettings adapter, RemoteOptions there) {
        Path job = folder.resolve("job-" + loading.id());
        Folders.delete(job);
        try (OpenModel open = open(model, loading)) {
            new TrainingExport(
                            workbench, open, data, TrainingSettings.defaults().with(adapter), there, false)
                    .write(job, beside -> {}, Progress.none());
        }
        return job;
    }

    private void requireSame(Path whole, Path unloaded) {
        for (String file : List.of(
                "plan.json",
                "rows.safetensors",
                "adapter-initial/adapter_model.safetensors",
                "adapter-initial/adapter_config.json")) {
            assertThat(unloaded.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    private static AdapterSettings adapter(String kind) {
        LoraVariant plain = LoraVariant.PLAIN;
        LoraVariant variant =
                switch (kind) {
                    case "dora" -> new LoraVariant(false, true, plain.initialisation());
                    case "pissa" -> new LoraVariant(false, false, new Initialisation.Pissa(OptionalInt.empty()));
                    default -> plain;
                };
        return AdapterSettings.DEFAULTS
                .withLayers(new TreeSet<>(List.of(1, 3)))
                .withRank(4, 8)
                .with(LoraSettings.VARIANT, variant)
                .with(LoraSettings.BIAS, kind.equals("bias") ? Bias.ALL : Bias.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "dora", "pissa", "bias"})
    void theJobIsTheSameWhereTheWeightsAreOnlyInTheirFiles(String kind) {
        DataSettings data = DataSettings.of(TinyStudy.classes(folder).toString());
        Path model = Golden.folder("bert");

        requireSame(job(model, Loading.WHOLE, data, adapter(kind)), job(model, Loading.NONE, data, adapter(kind)));
        requireSame(job(model, Loading.WHOLE, data, adapter(kind)), job(model, Loading.LAYERS, data, adapter(kind)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_sharded_bf16"})
    void theJobOfALanguageModelNeedsNoWeights(String name) throws IOException {
        DataSettings data =
                DataSettings.of(Golden.folder("llama").resolve("rows.jsonl").toString());
        Path whole = job(Golden.folder(name), Loading.WHOLE, data, adapter("plain"));
        Path described = Files.createDirectories(folder.resolve("moved").resolve(name));
        Files.copy(Golden.folder(name).resolve("config.json"), described.resolve("config.json"));
        assertThatThrownBy(() -> job(described, Loading.NONE, data, adapter("plain")))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(described + " holds no weights", "--model-there");
        RemoteOptions there =
                new RemoteOptions(new WorkerCount(1, false), Golden.folder(name).toString(), false);
        Path unloaded = job(described, Loading.NONE, data, adapter("plain"), there);

        for (String file : List.of("plan.json", "rows.safetensors", "adapter-initial/adapter_model.safetensors")) {
            assertThat(unloaded.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void whatBeginsWithWeightsIsRefusedWhereThereAreNone() throws IOException {
        Path described = Files.createDirectories(folder.resolve("llama"));
        Files.copy(Golden.folder("llama").resolve("config.json"), described.resolve("config.json"));
        DataSettings text =
                DataSettings.of(Golden.folder("llama").resolve("rows.jsonl").toString());

        RemoteOptions there = new RemoteOptions(new WorkerCount(1, false), "/models/llama", false);
        for (String kind : List.of("dora", "pissa", "bias")) {
            assertThatThrownBy(() -> job(described, Loading.NONE, text, adapter(kind), there))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("The weights of llama are not here, and --")
                    .hasMessageContaining(kind);
        }
        Path encoder = Files.createDirectories(folder.resolve("bert"));
        Files.copy(Golden.folder("bert").resolve("config.json"), encoder.resolve("config.json"));
        DataSettings classes = DataSettings.of(TinyStudy.classes(folder).toString());
        assertThatThrownBy(() -> job(encoder, Loading.NONE, classes, adapter("plain"), there))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a head for classification may begin with some of them");
    }

    @Test
    void theClusterMayFindTheModelElsewhere() {
        try (OpenModel open = open(Golden.folder("bert"), Loading.NONE)) {
            WorkerCount one = new WorkerCount(1, false);
            assertThat(new RemoteModel(RemoteOptions.by(one), open).name())
                    .isEqualTo(Golden.folder("bert").toString());
            assertThat(new RemoteModel(new RemoteOptions(one, "/data/bert", false), open).name())
                    .isEqualTo("/data/bert");
            RemoteOptions hub = new RemoteOptions(one, "org/bert@v1", false);
            assertThat(new RemoteModel(hub, open).name()).isEqualTo("org/bert");
            assertThat(new RemoteModel(hub, open).revision()).contains("v1");
        }
        assertThatThrownBy(() -> new RemoteOptions(new WorkerCount(1, false), "data/too/deep", false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("begins with /");
    }

    @Test
    void anotherRevisionThereIsAnotherModel() throws IOException {
        String commit = "a".repeat(40);
        Path hub = folder.resolve("hub");
        Path snapshot = Files.createDirectories(
                hub.resolve("models--org--bert/snapshots").resolve(commit));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder("bert").resolve(name), snapshot.resolve(name));
        }
        for (String revision : List.of("main", "v1")) {
            AtomicFiles.writeString(hub.resolve("models--org--bert/refs").resolve(revision), commit);
        }
        Path home = folder.resolve("offline");
        AppFolders folders = new AppFolders(home, home, home, home);
        Map<String, String> offline = Map.of("HF_HUB_OFFLINE", "1", "HF_HUB_CACHE", hub.toString());
        WorkerCount one = new WorkerCount(1, false);
        try (Workbench cached = new Workbench(folders, offline);
                OpenModel open = cached.openModel("org/bert@v1", "cpu", Progress.none())) {
            for (String same : List.of("org/bert", "org/bert@v1", "org/bert@" + commit)) {
                RemoteOptions there = new RemoteOptions(one, same, false);
                assertThat(new RemoteModel(there, open).revision()).contains(commit);
                assertThat(new RemoteModel(there, open).isAnother()).as(same).isFalse();
            }
            for (String other : List.of("org/bert@v2", "org/bert@" + "b".repeat(40), "org/other", "/data/bert")) {
                assertThat(new RemoteModel(new RemoteOptions(one, other, false), open).isAnother())
                        .as(other)
                        .isTrue();
            }
        }
    }

    @Test
    void itDoesNotComputeHere() {
        DataSettings data = DataSettings.of(TinyStudy.classes(folder).toString());
        try (OpenModel open = open(Golden.folder("bert"), Loading.NONE)) {
            assertThat(open.card().memory().nothing()).isTrue();
            assertThatThrownBy(() -> new AnalysisJob(workbench, open, data, AnalysisSettings.defaults())
                            .run(Progress.none(), partial -> {}))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was opened without its weights");
            assertThatThrownBy(() -> new TrainingJob(
                                    workbench, open, data, TrainingSettings.defaults(), folder.resolve("run"))
                            .run(Progress.none(), TrainingListener.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was opened without its weights");
            assertThat(folder.resolve("run")).doesNotExist();
        }
    }
}
