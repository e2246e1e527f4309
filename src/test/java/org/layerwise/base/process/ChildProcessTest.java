package org.layerwise.base.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;

class ChildProcessTest {

    @TempDir
    Path folder;

    /** As the launcher of a package starts the program. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theLimitEndsProcessesOfALauncherToo() throws Exception {
        Path pid = folder.resolve("pid");
        ChildProcess child = new ChildProcess(
                List.of("bash", "-c", "sleep 60 & echo $! > '%s'; wait".formatted(pid)), Duration.ofSeconds(2));

        assertThat(child.run(List.of(), new byte[0], Progress.none())).isEmpty();

        assertThat(isRunning(Long.parseLong(Files.readString(pid).strip()))).isFalse();
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> {
                    try {
                        process.onExit().get(2, TimeUnit.SECONDS);
                        return false;
                    } catch (Exception e) {
                        process.destroyForcibly();
                        return true;
                    }
                })
                .orElse(false);
    }
}
