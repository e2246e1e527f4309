package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.testing.CancelledProgress;

/** Parquet files are read in another process, which some damaged ones end. */
class DuckDbClientTest {

    @TempDir
    private Path folder;

    private final DuckDbProcessPool processes = new DuckDbProcessPool();

    @AfterEach
    void close() {
        processes.close();
    }

    /**
     * The file was written with DELTA_LENGTH_BYTE_ARRAY, and one byte of a page's header was changed: the size of its blocks
     * is 0. DuckDB 1.5 writes beyond its buffers then.
     */
    @Test
    void aDamagedPageEndsOnlyTheOtherProcess() throws IOException {
        Path file = folder.resolve("damaged.parquet");
        try (InputStream in = DuckDbClientTest.class.getResourceAsStream("damaged-page.parquet")) {
            Files.copy(Objects.requireNonNull(in), file);
        }

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(file + " ends the process that reads it, so it is damaged; copy or download it again.");

        Path good = write("good.parquet", 3);
        assertThat(new DatasetReader()
                        .read(DataSource.of(good.toString()), Progress.none())
                        .size())
                .isEqualTo(3);
    }

    @Test
    void allRowsArriveAsTheyAre() throws IOException {
        Path file = write("rows.parquet", 5000);
        List<String> rows = new ArrayList<>();

        try (DuckDbClient process = DuckDbClient.forFile(file, true, processes, Progress.none())) {
            process.query(
                    "SELECT text, label FROM read_parquet(%s)".formatted(DuckDb.path(file)),
                    cells -> rows.add(cells[0] + "|" + cells[1]));
        }

        assertThat(rows).hasSize(5000).startsWith("null|0", "Übung 模型 1|1").endsWith("Übung 模型 4999|1");
    }

    @Test
    void aRefusedQueryIsOneSentenceAndTheNextOneWorks() throws IOException {
        Path file = write("rows.parquet", 3);
        try (DuckDbClient process = DuckDbClient.forFile(file, false, processes, Progress.none())) {
            assertThatThrownBy(() -> process.query(
                            "SELECT nothing FROM read_parquet(%s)".formatted(DuckDb.path(file)), cells -> {}))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot read " + file);

            List<String> counts = new ArrayList<>();
            process.query(
                    "SELECT count(*) FROM read_parquet(%s)".formatted(DuckDb.path(file)),
                    cells -> counts.add(String.valueOf(cells[0])));
            assertThat(counts).containsExactly("3");
        }
    }

    @Test
    void oneProcessServesAllFilesThatAreReadInTurn() throws IOException {
        Path file = write("rows.parquet", 3);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (DuckDbClient process = DuckDbClient.forFile(file, false, processes, Progress.none())) {
                numbers.add(process.pid());
            }
        }

        assertThat(numbers.stream().distinct()).hasSize(1);
        processes.close();
        ProcessHandle.of(numbers.get(0)).ifPresent(ended -> ended.onExit().join());
    }

    @Test
    void cancelledWorkEndsTheProcess() throws IOException {
        Path file = write("rows.parquet", 3);
        AtomicBoolean cancelled = new AtomicBoolean();
        try (DuckDbClient process =
                DuckDbClient.forFile(file, false, processes, CancelledProgress.when(cancelled::get))) {
            ProcessHandle other = ProcessHandle.of(process.pid()).orElseThrow();
            cancelled.set(true);

            assertThatThrownBy(() -> process.query(
                            "SELECT sum(a.range * b.range) FROM range(100000) a, range(100000) b", cells -> {}))
                    .isInstanceOf(CancelledException.class);

            other.onExit().join();
            assertThat(other.isAlive()).isFalse();
        }
    }

    @Test
    void aProgramThatCannotBeStartedIsSaid() throws IOException {
        Path file = write("rows.parquet", 3);
        Path nowhere = folder.resolve("nowhere");

        try (DuckDbProcessPool none = new DuckDbProcessPool(List.of(nowhere.toString()))) {
            assertThatThrownBy(() -> DuckDbClient.forFile(file, false, none, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the process that reads Parquet files cannot be started");
        }
    }

    private Path write(String name, int rows) throws IOException {
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT CASE WHEN range = 0 AND %s > 100 THEN NULL ELSE 'Übung 模型 ' || range END AS text, range %% 2 AS label FROM range(%s)) TO '%s' (FORMAT parquet)"
                            .formatted(rows, rows, file));
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return file;
    }
}
