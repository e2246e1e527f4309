package org.layerwise.base.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    private static boolean isRunning(long pid) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (ProcessHandle.of(pid).isPresent() && !isZombie(pid)) {
            if (System.nanoTime() > end) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    /** Returns true for a process that has ended, and waits for the system to take notice. */
    private static boolean isZombie(long pid) throws IOException {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        try {
            return Files.exists(stat) && Files.readString(stat).matches("(?s).*\\) Z .*");
        } catch (NoSuchFileException e) {
            return true; // ended between the two
        }
    }
}
