package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.testing.CancelledProgress;

class DuckDbTest {

    @TempDir
    Path folder;

    /** Finds the columns of a query, during which DuckDB hears no cancel: a JSON row of 100,000 columns takes a minute. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForAQueryThatCannotBeStopped() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.jsonl");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assumeTrue(
                new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor() == 0);
        AtomicBoolean cancelled = new AtomicBoolean();
        Progress progress = CancelledProgress.when(cancelled::get);
        try (DuckDb duckDb = DuckDb.forFile(pipe, false, progress)) {
            String query = "SELECT * FROM read_json(%s)".formatted(DuckDb.path(pipe));
            new Thread(() -> cancelled.set(isOpening())).start();
            assertThatThrownBy(() -> duckDb.query(query, cells -> {})).isInstanceOf(CancelledException.class);
        } finally {
            Files.newOutputStream(pipe).close(); // ends the query, which waits for a writer
        }
    }

    /** Returns true once DuckDB's thread is in the query. */
    private static boolean isOpening() {
        try {
            while (Thread.getAllStackTraces().values().stream()
                    .flatMap(Arrays::stream)
                    .noneMatch(frame -> frame.getMethodName().equals("duckdb_jdbc_pending_query"))) {
                Thread.sleep(10);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
