package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.tensor.TensorEngine;

/** What cannot be loaded gives way to the program's own libraries. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class EngineStartTest {

    @TempDir
    Path folder;

    private EngineFolders places;
    private Path torch;

    @BeforeEach
    void choose() throws IOException {
        places = new EngineFolders(folder.resolve("config"), folder.resolve("cache"), folder.resolve("data"));
        torch = FakeTorch.packages(folder.resolve("target"), "2.7.1+cu126", "12.6");
        String stamp = LinkFolder.fingerprint(TorchFolder.find(torch));
        new ComputeSettings(Optional.of(new ComputeSettings.Gpu(torch, "2.7.1+cu126", stamp)), OptionalInt.empty())
                .write(places.config());
    }

    @Test
    void librariesThatCannotBeLoaded() {
        assertThat(note()).contains("cannot be loaded", "install them anew", "The CPU is used meanwhile.");
        assertThat(places.loading()).doesNotExist();
    }

    @Test
    void librariesThatWereReplaced() throws IOException {
        Files.writeString(torch.resolve("torch/lib/libtorch_cuda.so"), "a newer build");

        assertThat(note()).contains("were replaced since they were checked", torch.toString());
    }

    @Test
    void aFolderThatIsGone() throws IOException {
        Files.move(torch, folder.resolve("elsewhere"));

        assertThat(note()).contains("There is no folder " + torch);
    }

    @Test
    void anotherVersionInTheSameFolder() throws IOException {
        FakeTorch.packages(torch, "2.11.0", "13.0");

        assertThat(note()).contains("holds torch 2.11.0, but Layerwise needs 2.7.1");
    }

    @Test
    void aStartThatDied() throws IOException {
        Files.createDirectories(places.loading().getParent());
        Files.writeString(places.loading(), "999999999");

        assertThat(note()).contains("The last start ended while it loaded the libraries");
        assertThat(places.loading()).exists();
    }

    @Test
    void settingsThatAreBroken() throws IOException {
        Files.writeString(places.config().resolve("compute.json"), "{");

        assertThat(note()).contains("compute.json");
    }

    @Test
    void nothingIsSaidWhereNothingWasChosen() throws IOException {
        Files.delete(places.config().resolve("compute.json"));

        assertThat(new EngineStart(places, Map.of()).start().note()).isEmpty();
    }

    @Test
    void aStartOnAThreadOfItsOwnIsTheOnlyOne() throws InterruptedException {
        TorchEngine torch = new TorchEngine(places, Map.of());

        Thread starting = torch.begin();
        TensorEngine engine = torch.start();
        starting.join();

        assertThat(torch.start()).isSameAs(engine);
        assertThat(torch.facts().note().orElse("")).contains("The CPU is used meanwhile.");
    }

    private String note() {
        EngineStart.Started started = new EngineStart(places, Map.of()).start();
        assertThat(started.engine().version()).isEqualTo("2.7.1");
        assertThat(started.engine().devices()).isNotEmpty();
        return started.note().orElse("");
    }
}
