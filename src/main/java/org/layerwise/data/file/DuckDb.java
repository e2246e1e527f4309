package org.layerwise.data.file;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.process.NativeCalls;
import org.slf4j.LoggerFactory;

/**
 * DuckDB database in memory that reads one file and is then closed. DuckDB writes no temporary data to disk, loads
 * nothing from the network and reads nothing from the user's home folder.
 */
final class DuckDb implements SqlDatabase {

    private static final Pattern ERROR_KIND = Pattern.compile("^(?:[A-Z]\\w*(?: [A-Z]\\w*)* Error: )+");
    private static final Pattern CSV_PLACE = Pattern.compile("CSV Error on Line: (\\d+)");
    private static final Pattern CSV_REASON = Pattern.compile(
            "(?m)^(Expected Number of Columns: .*|Value with unterminated quote found\\.|Invalid unicode .*|Maximum line size .*)$");

    private static final Pattern GLOB = Pattern.compile("[*?\\[]");
    private static final Pattern JSON_LINE = Pattern.compile("in line (\\d+): Expected OBJECT, but got ");

    // rows are passed on from DuckDB's thread in blocks
    private static final int ROWS_A_BLOCK = 2048;
    private static final int CHARS_A_BLOCK = 1 << 22;

    /** List of the files that this process has mapped into memory. */
    private static final Path MAPS = Path.of("/proc/self/maps");

    private static final Pattern UNPACKED = Pattern.compile("/.*/libduckdb_java\\d+\\.so$");

    private final Path file;
    private final Connection connection;
    private final NativeCalls calls = new NativeCalls("duckdb");
    private final Progress progress;

    private DuckDb(Path file, Connection connection, Progress progress) {
        this.file = file;
        this.connection = connection;
        this.progress = progress;
    }

    /**
     * Opens a database that reads {@code file}, which messages name.
     *
     * @param streamed true to get results row by row, for more rows than fit into memory
     * @param progress progress whose cancellation is checked at least ten times a second, also while DuckDB computes
     */
    static DuckDb forFile(Path file, boolean streamed, Progress progress) {
        Properties settings = new Properties();
        // if a file is broken, but not near its beginning, a streamed result ends early without an error: rows are
        // missing. A caller that streams must know the number of rows
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, String.valueOf(streamed));
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_persistent_secrets", "false");
        settings.setProperty("temp_directory", "");
        settings.setProperty("memory_limit", "1GB");
        // with one thread, rows come in file order, unless some are left out or joined
        settings.setProperty("threads", "1");
        try {
            Connection connection = connect(settings);
            try (Statement statement = connection.createStatement()) {
                // in UTC, a timestamp with a time zone has the same text on every machine
                statement.execute("SET TimeZone = 'UTC'");
            }
            return new DuckDb(file, connection, progress);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start", e);
        } catch (LinkageError e) { // the driver unpacks its library into the folder of temporary files
            throw new UserException(
                    ("%s cannot be read: the library that reads data files (60 MB) cannot be loaded from the folder of"
                                    + " temporary files, %s; make room there, or name another one with"
                                    + " JAVA_OPTS=-Djava.io.tmpdir=FOLDER.")
                            .formatted(file, System.getProperty("java.io.tmpdir")),
                    e);
        }
    }

    /** Connects one caller after the other, since the first call in a process unpacks the library. */
    private static synchronized Connection connect(Properties settings) throws SQLException {
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", settings);
        deleteUnpacked();
        return connection;
    }

    /**
     * Loads DuckDB's library, which takes a third of a second the first time in a process.
     *
     * @param file file that will be read, for the message
     * @throws UserException if it cannot be loaded
     */
    static void load(Path file) {
        forFile(file, false, Progress.none()).close();
    }

    /**
     * Deletes the file of DuckDB's library (60 MB). The driver unpacks the library again for each process and deletes
     * the file only if the process ends normally. On Linux, a loaded library remains usable after its file is deleted.
     */
    private static void deleteUnpacked() {
        if (!Files.isReadable(MAPS)) {
            return;
        }
        try (Stream<String> maps = Files.lines(MAPS)) {
            for (String line : maps.toList()) {
                Matcher library = UNPACKED.matcher(line);
                if (library.find()) {
                    Files.deleteIfExists(Path.of(library.group()));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LoggerFactory.getLogger(DuckDb.class).warn("the unpacked library of DuckDB stays until the end", e);
        }
    }

    private final class Rows extends RowCursor {

        private final Statement statement;
        private final ResultSet result;
        private final int columns;

        private Rows(Statement statement, String sql) {
            this.statement = statement;
            try {
                result = onWorker(statement, () -> statement.executeQuery(sql));
                columns = onWorker(statement, () -> result.getMetaData().getColumnCount());
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        @Override
        boolean fetch(Collection<@Nullable String[]> rows) {
            return onWorker(statement, () -> fetched(rows));
        }

        private boolean fetched(Collection<@Nullable String[]> rows) throws SQLException {
            long characters = 0;
            for (int row = 0; row < ROWS_A_BLOCK && characters < CHARS_A_BLOCK; row++) {
                if (!result.next()) {
                    return true;
                }
                @Nullable String[] cells = new String[columns];
                for (int i = 0; i < columns; i++) {
                    String cell = result.getString(i + 1);
                    cells[i] = cell;
                    characters += cell == null ? 0 : cell.length();
                }
                rows.add(cells);
            }
            return false;
        }

        @Override
        public void close() {
            closeLast(statement::close);
        }
    }

    @Override
    public RowCursor cursor(String sql) {
        return new Rows(onWorker(null, connection::createStatement), sql);
    }

    /**
     * Runs a call of DuckDB in DuckDB's own thread. The duration depends on the size of the file.
     *
     * @param running the statement to stop if the progress is cancelled; null if the call cannot take long
     */
    private <T> T onWorker(@Nullable Statement running, Callable<T> call) {
        try {
            return calls.result(calls.start(call), progress);
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } catch (CancelledException e) {
            // DuckDB checks for cancellation only between two batches of rows. While it determines the columns, even
            // the call that cancels waits for a lock. So this thread waits neither for the query nor for that call
            if (running != null) {
                Thread stopping = new Thread(() -> stop(running), "duckdb cancel");
                stopping.setDaemon(true);
                stopping.start();
            }
            throw e;
        }
    }

    private static void stop(Statement running) {
        try {
            running.cancel();
        } catch (SQLException e) {
            LoggerFactory.getLogger(DuckDb.class).warn("DuckDB goes on with a query that was cancelled", e);
        }
    }

    private RuntimeException thrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof SQLException e ? failure(e) : new IllegalStateException(cause);
    }

    private UserException failure(SQLException e) {
        return new UserException("Cannot read %s: %s.".formatted(file, reason(e)), e);
    }

    /** Returns the exception for a broken line of a file of separated values. */
    static UserException broken(Path file, long line, String why) {
        return new UserException("Cannot read %s: %s.".formatted(file, brokenLine(String.valueOf(line), why)));
    }

    private static String brokenLine(String line, String why) {
        return "line %s is broken, %s".formatted(line, why);
    }

    /**
     * Returns a string literal that DuckDB's readers take for the path of one file, also if the path contains special
     * characters.
     *
     * @throws UserException if DuckDB's patterns cannot express the path
     */
    static String path(Path file) {
        String path = file.toAbsolutePath().toString();
        Matcher glob = GLOB.matcher(path);
        if (!glob.find()) {
            return literal(path);
        }
        // in a pattern, a backslash is a separator, even on Linux
        if (path.indexOf('\\') >= 0 && File.separatorChar != '\\') {
            throw new UserException(
                    "%s cannot be read: its path has a backslash beside one of * ? [; rename one of the two."
                            .formatted(file));
        }
        return literal(glob.replaceAll("[$0]"));
    }

    /** Returns a string literal. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Returns a quoted column name. */
    static String name(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    /**
     * Returns {@code {'a': 'VARCHAR', ...}}, which makes the readers of text files read these columns unchanged.
     *
     * @param json those of the columns that are read as JSON, in which strings keep their quotes
     */
    static String asText(List<String> columns, List<String> json) {
        return columns.stream()
                .map(column -> "%s: '%s'".formatted(literal(column), json.contains(column) ? "JSON" : "VARCHAR"))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /**
     * Returns the reason of an error in one line. DuckDB's own messages are long and mention settings that the user
     * never made.
     */
    static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int inner = message.indexOf("\nError: ");
        if (inner >= 0) {
            message = message.substring(inner + "\nError: ".length());
        }
        message = ERROR_KIND.matcher(message).replaceFirst("");
        Matcher line = JSON_LINE.matcher(message);
        if (line.find()) {
            return "line %s is no JSON object, and every row must be one".formatted(line.group(1));
        }
        if (message.startsWith("BYTE_STREAM_SPLIT encoding is only supported")) {
            return "the encoding BYTE_STREAM_SPLIT is read for float32 and float64 alone; write the other columns without it";
        }
        if (message.startsWith("json_read expected records")) {
            return "not every row is a JSON object with columns; write each as {\"text\": \"fine\", \"label\": 1}";
        }
        Matcher place = CSV_PLACE.matcher(message);
        Matcher csv = CSV_REASON.matcher(message);
        if (place.find() && csv.find()) {
            String what = csv.group(1)
                    .replaceFirst(
                            "Expected Number of Columns: (\\d+) Found: (\\d+)", "it has $2 columns, the header $1")
                    .replaceFirst("\\b1 columns", "1 column")
                    .replaceFirst("Value with unterminated quote found\\.", "a quote is opened and never closed")
                    .replaceFirst("Invalid unicode .*", "it is not UTF-8 text");
            return brokenLine(place.group(1), what.replaceFirst("\\.$", ""));
        }
        return message.lines()
                .findFirst()
                .orElse(message)
                .replaceFirst("\\. Try .*", "")
                .strip()
                .replaceFirst("\\.$", "");
    }

    private void closeLast(Closing closing) {
        calls.atEnd(() -> {
            closing.close();
            return null;
        });
    }

    @FunctionalInterface
    private interface Closing {
        void close() throws SQLException;
    }

    @Override
    public void close() {
        closeLast(connection::close);
        calls.close();
    }
}
