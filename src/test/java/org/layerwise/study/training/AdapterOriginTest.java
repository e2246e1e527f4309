package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.WorkerCount;
import org.layerwise.run.RunStore;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.adapter.AdapterConversion;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Every adapter that is written says which model it belongs to, and nothing of the computer that it was made on. */
class AdapterOriginTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path folder;

    private Workbench workbench;
    private Path cached;
    private DataSettings rows;

    @BeforeEach
    void copyIntoTheHubsCache() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        rows = DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(4);
        cached = Files.createDirectories(folder.resolve("models--org--tiny/snapshots/" + COMMIT));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder("bert").resolve(file), cached.resolve(file));
        }
    }

    private static TrainingSettings settings(Path data, LoraVariant variant) {
        return TrainingSettings.defaults()
                .withHeldOut(data.toString(), null)
                .with(AdapterSettings.DEFAULTS
                        .withRank(4, 8)
                        .with(LoraSettings.VARIANT, variant)
                        .withLayers(new TreeSet<>(List.of(1, 2)), REASON));
    }

    private static final String REASON = "by ratio 0.5 of linear-cka on reviews";

    private static final LoraVariant PISSA =
            new LoraVariant(false, false, Initialisation.fromWeight("pissa").orElseThrow());

    private void train(OpenModel model, LoraVariant variant, Path out) {
        new TrainingJob(
                        workbench,
                        model,
                        rows,
                        settings(Path.of(rows.data()), variant),
                        out,
                        StartMode.OVERWRITE,
                        new PauseSwitch())
                .run(Progress.none(), TrainingListener.none());
    }

    private static void assertOfCommit(Path adapter) {
        JsonNode config = Json.read(adapter.resolve("adapter_config.json"));
        assertThat(config.path("base_model_name_or_path").asText())
                .as(adapter.toString())
                .isEqualTo("org/tiny");
        assertThat(config.path("revision").asText()).as(adapter.toString()).isEqualTo(COMMIT);
    }

    private void assertNothingOfThisComputer(Path adapter) throws IOException {
        try (Stream<Path> files = Files.list(adapter)) {
            for (Path file : files.filter(file -> !file.toString().endsWith(".safetensors"))
                    .toList()) {
                assertThat(file)
                        .content()
                        .doesNotContain(folder.toString())
                        .doesNotContain(Golden.folder("bert").toString())
                        .doesNotContain(System.getProperty("user.home") + "/");
            }
        }
    }

    @Test
    void aModelOfTheHubsCacheIsNamedWithItsCommitWhereverAnAdapterIsWritten() throws IOException {
        Path run = folder.resolve("run");
        Path job = folder.resolve("job");
        Path plain = folder.resolve("plain");
        try (OpenModel model = workbench.openModel(cached.toString(), "cpu", Progress.none())) {
            train(model, PISSA, run);
            new TrainingExport(
                            workbench,
                            model,
                            rows,
                            settings(Path.of(rows.data()), LoraVariant.PLAIN),
                            RemoteOptions.by(new WorkerCount(1, false)),
                            false)
                    .write(job, beside -> {}, Progress.none());
        }
        AdapterConversion.run(
                workbench, run.resolve("adapter"), run.resolve("adapter-initial"), null, plain, Progress.none());

        for (Path adapter : List.of(
                run.resolve("adapter"), run.resolve("adapter-initial"), plain, job.resolve("adapter-initial"))) {
            assertOfCommit(adapter);
            assertNothingOfThisComputer(adapter);
        }
        assertThat(run.resolve("adapter/README.md"))
                .content()
                .startsWith("---\nbase_model: \"org/tiny\"\nlibrary_name: peft\n")
                .contains(
                        "REVISION = \"%s\"".formatted(COMMIT),
                        "from_pretrained(BASE, revision=REVISION, num_labels=3)",
                        "2 of 4 layers have adapters, counted from 0: 1,2." + " They were chosen %s.".formatted(REASON),
                        "| validation | 16 | accuracy |",
                        "16 examples of classes.jsonl",
                        "- libtorch: ");
        assertThat(job.resolve("adapter-initial/README.md"))
                .content()
                .as("what the job's program puts beside the adapter")
                .contains(
                        "REVISION = \"%s\"".formatted(COMMIT),
                        "counted from 0: 1,2. They were chosen %s.".formatted(REASON),
                        "16 rows of classes");
        assertThat(plain.resolve("README.md")).content().contains("num_labels=3", "plain LoRA of rank 8");
    }

    @Test
    void aRunThatWaitedAndWentOnStillTellsWhyTheseLayers() {
        Path run = folder.resolve("run");
        AtomicInteger steps = new AtomicInteger();
        Progress stopsAfterTwo = CancelledProgress.when(() -> steps.get() >= 2);
        TrainingListener counts = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                steps.incrementAndGet();
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // only the steps matter
            }
        };
        try (OpenModel model = TinyStudy.open(workbench)) {
            TrainingSettings chosen = settings(Path.of(rows.data()), LoraVariant.PLAIN);
            RunStore.queue(run, model.settings(), rows, chosen);
            // as those are that are read from the folder's config.yaml
            TrainingSettings read = chosen.withLayers(chosen.adapter().layers());
            assertThat(new TrainingJob(workbench, model, rows, read, run, StartMode.OVERWRITE, new PauseSwitch())
                            .run(stopsAfterTwo, counts)
                            .cancelled())
                    .isTrue();
            steps.set(Integer.MIN_VALUE);
            assertThat(new TrainingJob(workbench, model, rows, read, run, StartMode.RESUME, new PauseSwitch())
                            .run(stopsAfterTwo, counts)
                            .cancelled())
                    .isFalse();
        }
        assertThat(run.resolve("adapter/README.md")).content().contains("They were chosen %s.".formatted(REASON));
    }

    @Test
    void aLocalFolderIsNamedWithoutItsPlace() throws IOException {
        Path run = folder.resolve("run");
        try (OpenModel model = TinyStudy.open(workbench)) {
            train(model, LoraVariant.PLAIN, run);
        }
        Path adapter = run.resolve("adapter");
        JsonNode config = Json.read(adapter.resolve("adapter_config.json"));
        assertThat(config.path("base_model_name_or_path").asText())
                .as("a name that no hub takes for one of its own")
                .isEqualTo("./bert");
        assertThat(config.path("revision").isNull()).isTrue();
        assertNothingOfThisComputer(adapter);
        assertThat(adapter.resolve("README.md"))
                .content()
                .startsWith("---\nlibrary_name: peft\n")
                .contains("a local folder with the name `bert`", "SHA-256", "BASE = \"./bert\"");
    }
}
