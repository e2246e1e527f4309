package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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
