package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.testing.RealTorch;

/** The engine on a real torch 2.7.1 with CUDA, where a developer names one; no card is needed. */
class RealLibrariesTest {

    @TempDir
    Path folder;

    private Path torch;
    private EngineFolders places;

    @BeforeEach
    void find() {
        assumeTrue(
                RealTorch.folder().isPresent(),
                "skipped: no torch 2.7.1 with CUDA is named (LAYERWISE_TORCH, -Dlayerwise.torch)");
        torch = RealTorch.folder().get();
        places = new EngineFolders(folder.resolve("config"), folder.resolve("cache"), folder.resolve("data"));
    }

    @Test
    void theEngineStartsOnTheWheelAndMultiplies() {
        VerifiedLibraries found = new ComputeSetup(places, Map.of()).use(torch, Progress.none());

        assertThat(found.version()).startsWith("2.7.1+cu");
        assertThat(found.devices()).startsWith("cpu");
        // without it every card would stay unseen
        assertThat(found.cuda())
                .hasValueSatisfying(version -> assertThat(version).startsWith("12."));
        assertThat(found.gpus() > 0).isEqualTo(NvidiaDriver.detect().usable());
    }

    @Test
    void theNextStartUsesIt() throws Exception {
        new ComputeSetup(places, Map.of()).use(torch, Progress.none());

        assertThat(started()).contains("cu128 true no note");
        assertThat(places.loading()).doesNotExist();
    }

    @Test
    void aStartThatDiedIsNotRepeated() throws Exception {
        new ComputeSetup(places, Map.of()).use(torch, Progress.none());
        Files.writeString(places.loading(), "999999999");

        assertThat(started()).contains("cpu false The last start ended while it loaded");
        new ComputeSetup(places, Map.of()).use(torch, Progress.none());
        assertThat(started()).contains("cu128");
    }

    /** What the engine is in a process of its own that starts as the program does. */
    private String started() throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartedEngine.class.getName(),
                        folder.toString()))
                .redirectOutput(said.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    }
}
