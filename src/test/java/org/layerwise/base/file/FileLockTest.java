package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.testing.Processes;

class FileLockTest {

    @TempDir
    Path folder;

    @Test
    void aWaitThatIsCancelledDoesNotGiveUpTheTurnOfAnotherThread() throws Exception {
        Path lock = folder.resolve("lock");
        AtomicInteger asked = new AtomicInteger();
        try (FileLock turn = FileLock.tryTake(lock).orElseThrow()) {
            assertThatThrownBy(() -> FileLock.take(lock, "waiting", new Progress() {
                        @Override
                        public void report(double fraction, String message) {
                            asked.incrementAndGet();
                        }

                        @Override
                        public boolean cancelled() {
                            return asked.get() > 1;
                        }
                    }))
                    .isInstanceOf(CancelledException.class);
            assertThat(FileLock.tryTake(lock)).isEmpty();
            Processes.atOnce(Taker.class, 1, folder, lock.toString());
        }
        Optional<FileLock> again = FileLock.tryTake(lock);
        assertThat(again).isPresent();
        again.get().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInItsPlaceIsNotFollowed(boolean dangling, @TempDir Path elsewhere) throws Exception {
        Path target = elsewhere.resolve("target");
        if (!dangling) {
            Files.createFile(target);
        }
        Path lock = Files.createSymbolicLink(folder.resolve("lock"), target);
        String reason = lock + ": it is a link; remove it";

        assertThatThrownBy(() -> FileLock.tryTake(lock))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(reason);
        assertThatThrownBy(() -> FileLock.take(lock, "waiting", Progress.none()))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(reason);
        assertThatThrownBy(() -> FileLock.atFolder(lock, Progress.none()))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(reason);
        assertThat(FileLock.isTaken(lock)).isFalse();
        assertThat(Files.exists(target)).isEqualTo(!dangling);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderIsNotWrittenWithoutALockBecauseOfAPipeInItsPlace() throws Exception {
        Path pipe = folder.resolve("lock");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> FileLock.atFolder(pipe, Progress.none()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("it is no ordinary file");
    }

    /** Fails if the turn is free. */
    static final class Taker {

        public static void main(String[] arguments) throws Exception {
            Processes.ready(Path.of(arguments[0]), arguments[1]);
            System.exit(FileLock.tryTake(Path.of(arguments[2])).isPresent() ? 1 : 0);
        }
    }
}
