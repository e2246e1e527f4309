package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.testing.Processes;

class RunLockTest {

    @TempDir
    Path folder;

    /** Closing a second opening of the file would give up the process's lock, as POSIX has it. */
    @Test
    void whoeverAsksDoesNotGiveItUp() throws Exception {
        assertThat(RunLock.held(folder)).isFalse();
        try (RunLock lock = RunLock.take(folder)) {
            assertThat(RunLock.held(folder)).isTrue();
            Processes.atOnce(Taker.class, 1, folder, folder.toString());
        }
        assertThat(RunLock.held(folder)).isFalse();
    }

    /** A pipe, as an archive from elsewhere may hold: whoever opens it waits for ever. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeInItsPlaceIsNotOpened() throws Exception {
        Path pipe = folder.resolve(RunLock.FILE);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(RunLock.held(folder)).isFalse();
        assertThatThrownBy(() -> RunLock.take(folder))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write %s: it is no ordinary file; remove it.".formatted(pipe));
        Path metrics = Files.move(pipe, folder.resolve(MetricsLog.NAME));
        assertThatThrownBy(() -> new MetricsLog(metrics, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it is a pipe or a device");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void noFileIsMadeThroughALink(@TempDir Path elsewhere) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve(RunLock.FILE), elsewhere.resolve("made"));

        assertThatThrownBy(() -> RunLock.take(folder))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write %s: it is a link; remove it.".formatted(link));
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** Fails if the lock is free. */
    static final class Taker {

        public static void main(String[] arguments) throws Exception {
            Processes.ready(Path.of(arguments[0]), arguments[1]);
            try (RunLock lock = RunLock.take(Path.of(arguments[2]))) {
                System.exit(1);
            } catch (UserException e) {
                System.exit(0);
            }
        }
    }
}
