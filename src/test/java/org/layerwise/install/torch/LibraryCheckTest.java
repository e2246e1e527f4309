package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.process.ChildProcess;
import org.layerwise.testing.CancelledProgress;

/** The other process is a shell's, which says what a test wants. */
@EnabledOnOs(OS.LINUX)
class LibraryCheckTest {

    private static final String GOOD =
            "{\"version\":\"2.7.1+cu126\",\"libtorch\":\"2.7.1\",\"cuda\":\"12.6\",\"devices\":[\"cpu\",\"cuda:0\"]}";

    @TempDir
    Path folder;

    private EngineFolders places;
    private Path torch;

    @BeforeEach
    void fill() throws IOException {
        places = new EngineFolders(folder.resolve("config"), folder.resolve("cache"), folder.resolve("data"));
        torch = FakeTorch.packages(folder.resolve("target"), "2.7.1+cu126", "12.6");
    }

    @Test
    void whatWorksIsUsedFromTheNextStartOn() {
        VerifiedLibraries found =
                setup("echo 'a word of a library'; echo '" + GOOD + "'").use(torch, Progress.none());

        assertThat(found.gpus()).isEqualTo(1);
        assertThat(found.cuda()).contains("12.6");
        assertThat(ComputeSettings.read(places.config()).gpu())
                .contains(
                        new ComputeSettings.Gpu(torch, "2.7.1+cu126", LinkFolder.fingerprint(TorchFolder.find(torch))));
    }

    @Test
    void theOtherProcessHearsWhatToTryAndLeavesNothing() throws IOException {
        Path heard = folder.resolve("heard");
        String script = "echo \"$1 $2\" > %s; mkdir -p \"$3\"; echo '%s'".formatted(heard, GOOD);

        setup(script).check(torch, Progress.none());

        assertThat(heard).hasContent(LibraryProbe.ARGUMENT + " " + torch);
        assertThat(places.cache().resolve("gpu")).isEmptyDirectory();
        assertThat(places.config()).doesNotExist();
    }

    @Test
    void whatTheOtherProcessRefusesIsRefusedInItsWords() {
        refused("echo '{\"error\":\"libcudnn.so.9 is missing.\"}'", "libcudnn.so.9 is missing.");
    }

    @Test
    void librariesThatKillTheirProcessAreRefused() {
        refused("kill -SEGV $$", "ended with code 139");
        refused("echo '{ no json'; exit 3", "ended with code 3");
    }

    @Test
    void aProcessThatHangsIsEnded() {
        ComputeSetup setup = setup("exec sleep 60", Duration.ofMillis(300));

        assertThatThrownBy(() -> setup.use(torch, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("did not start within");
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .noneMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }

    @Test
    void peopleCanStopIt() {
        AtomicInteger asked = new AtomicInteger();
        Progress impatient = CancelledProgress.when(() -> asked.incrementAndGet() > 2);

        assertThatThrownBy(() -> setup("exec sleep 60").use(torch, impatient)).isInstanceOf(CancelledException.class);
        assertThat(places.config().resolve("compute.json")).doesNotExist();
    }

    @Test
    void theProcessorCanBeUsedAgainAndThreadsStay() {
        ComputeSetup setup = setup("echo '" + GOOD + "'");
        setup.use(torch, Progress.none());
        setup.useThreads(OptionalInt.of(2));

        setup.useProcessor();

        assertThat(setup.settings().gpu()).isEmpty();
        assertThat(setup.settings().threads()).hasValue(2);
    }

    private void refused(String script, String words) {
        assertThatThrownBy(() -> setup(script).use(torch, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(words);
        assertThat(places.config().resolve("compute.json")).doesNotExist();
    }

    private ComputeSetup setup(String script) {
        return setup(script, Duration.ofSeconds(20));
    }

    private ComputeSetup setup(String script, Duration limit) {
        return new ComputeSetup(
                places,
                new LibraryCheck(new ChildProcess(List.of("bash", "-c", script, "layerwise"), limit)),
                LibraryDownload.ofServer(places.downloads(), Map.of()));
    }
}
