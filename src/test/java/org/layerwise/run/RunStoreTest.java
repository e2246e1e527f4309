package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.UnreadableFolder;

class RunStoreTest {

    @TempDir
    private Path folder;

    /** As they are typed in a window that was started somewhere. */
    private Path here(Path path) {
        return Path.of("").toAbsolutePath().relativize(path);
    }

    @Test
    void aRunThatWaitsFindsItsFilesFromEverywhere() {
        Path data = TinyStudy.classes(folder);
        Path model = Path.of(TinyStudy.MODEL);
        Path out = folder.resolve("run");
        TrainingSettings settings = TrainingSettings.defaults()
                .withHeldOut(
                        here(data) + ",sample:acceptability:validation",
                        here(data).toString());

        RunStore.queue(
                out,
                new ModelSettings(here(model.toAbsolutePath()).toString(), "cpu", ComputeType.AUTO, Loading.AUTO),
                DataSettings.of(here(data).toString()),
                settings);

        Configuration read = Configuration.read(out.resolve("config.yaml"));
        assertThat(read.model().model())
                .isEqualTo(model.toAbsolutePath().normalize().toString());
        assertThat(read.rows().data()).isEqualTo(data.toString());
        assertThat(read.training().validation()).isEqualTo(data + ",sample:acceptability:validation");
        assertThat(read.training().test()).isEqualTo(data.toString());
        assertThat(Run.open(out).state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void whatPeoplePutIntoTheFolderOfARunThatWaitsStays() throws IOException {
        Path out = folder.resolve("run");
        Path left = folder.resolve("left");
        for (Path run : List.of(out, left)) {
            RunStore.queue(
                    run,
                    new ModelSettings("org/name", "cpu", ComputeType.AUTO, Loading.AUTO),
                    DataSettings.of("sample:definitions"),
                    TrainingSettings.defaults());
        }
        Path notes = Files.writeString(out.resolve("notes.md"), "mine");

        Run.open(out).deleteQueued();
        Run.open(left).deleteQueued();

        assertThat(out.toFile().listFiles()).containsExactly(notes.toFile());
        assertThat(left).doesNotExist();
    }

    @Test
    void modelsOfTheHubAndSamplesKeepTheirNames() {
        Path out = folder.resolve("run");
        RunStore.queue(
                out,
                new ModelSettings("org/name", "cpu", ComputeType.AUTO, Loading.AUTO),
                DataSettings.of("sample:definitions"),
                TrainingSettings.defaults());

        Configuration read = Configuration.read(out.resolve("config.yaml"));
        assertThat(read.model().model()).isEqualTo("org/name");
        assertThat(read.rows().data()).isEqualTo("sample:definitions");
    }

    @Test
    void aFolderHoldsOneRun() {
        Path out = folder.resolve("run");
        ModelSettings model = new ModelSettings("sample", "cpu", ComputeType.AUTO, Loading.AUTO);
        DataSettings data = DataSettings.of("sample:definitions");
        RunStore.queue(out, model, data, TrainingSettings.defaults());

        assertThatThrownBy(() -> RunStore.queue(out, model, data, TrainingSettings.defaults()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is a run in " + out);
        assertThat(Files.exists(out.resolve("config.yaml"))).isTrue();
    }

    @Test
    void aRunThatCannotBeReadIsLeftOutAndNamed() throws IOException {
        for (String name : List.of("good", "broken", "odd")) {
            RunStore.queue(
                    folder.resolve(name),
                    ModelSettings.of("sample"),
                    DataSettings.of("sample:definitions"),
                    TrainingSettings.defaults());
        }
        Files.writeString(folder.resolve("broken/run.json"), "{");
        Files.writeString(folder.resolve("odd/summary.json"), "{");
        List<String> remarks = new ArrayList<>();

        List<RunRecord> read = new RunStore(folder).read(RunRecord::of, Progress.none(), remarks::add);

        assertThat(read).extracting(one -> one.run().name()).containsExactly("good");
        assertThat(remarks)
                .hasSize(2)
                .anyMatch(words -> words.contains("broken"))
                .anyMatch(words -> words.contains("odd"));
        assertThatThrownBy(() ->
                        new RunStore(folder).read(RunRecord::of, CancelledProgress.when(() -> true), remarks::add))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderThatCannotBeReadIsNamedBesideTheOtherRuns() throws IOException {
        RunStore.queue(
                folder.resolve("good"),
                ModelSettings.of("sample"),
                DataSettings.of("sample:definitions"),
                TrainingSettings.defaults());
        List<String> remarks = new ArrayList<>();
        try (UnreadableFolder shut = UnreadableFolder.create(folder.resolve("deep/shut"))) {
            assertThat(new RunStore(folder).runs(remarks::add))
                    .extracting(Run::name)
                    .containsExactly("good");
            assertThat(remarks).containsExactly("Cannot read %s: permission denied.".formatted(shut.path()));
            assertThatThrownBy(() -> new RunStore(shut.path()).runs(remarks::add))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot read %s: permission denied.", shut.path());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runsAreFoundBehindALinkToTheirFolder() throws IOException {
        RunStore.queue(
                folder.resolve("runs/one"),
                ModelSettings.of("sample"),
                DataSettings.of("sample:definitions"),
                TrainingSettings.defaults());
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("runs"));

        assertThat(new RunStore(link).runs(remark -> {})).extracting(Run::name).containsExactly("one");
    }

    @Test
    void onlyARunThatNeverBeganIsForgotten() throws IOException {
        Path run = folder.resolve("run");
        RunStore.queue(
                run, ModelSettings.of("sample"), DataSettings.of("sample:definitions"), TrainingSettings.defaults());
        Path other = Files.createDirectory(folder.resolve("other"));

        RunStore.forget(run);
        RunStore.forget(other);

        assertThat(run).doesNotExist();
        assertThat(other).exists();
    }
}
