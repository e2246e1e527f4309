package org.layerwise.data;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * A DuckDB in memory that reads one file and is thrown away: nothing is spilled to disk, loaded from the network or looked
 * for in the user's home.
 */
final class DuckDb implements AutoCloseable {

    private static final Pattern ERROR_KIND = Pattern.compile("^(?:[A-Z]\\w*(?: [A-Z]\\w*)* Error: )+");
    private static final Pattern CSV_PLACE = Pattern.compile("CSV Error on Line: (\\d+)");
    private static final Pattern CSV_REASON = Pattern.compile(
            "(?m)^(Expected Number of Columns: .*|Value with unterminated quote found\\.|Invalid unicode .*|Maximum line size .*)$");

    private static final Pattern JSON_LINE = Pattern.compile("in line (\\d+): Expected OBJECT, but got ");

    private final Path file;
    private final Connection connection;

    private DuckDb(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Takes one row of a result, its columns in order; null is SQL's NULL. */
    @FunctionalInterface
    interface RowReader {
        void row(@Nullable String[] cells);
    }

    /**
     * For reading {@code file}, which messages name.
     *
     * @param streamed whether results come row by row: for more rows than memory has room for
     */
    static DuckDb forFile(Path file, boolean streamed) {
        Properties settings = new Properties();
        // a streamed result simply ends where the file is broken, if that is not near its beginning: no error, rows
        // missing. Whoever streams knows how many there must be
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, String.valueOf(streamed));
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_persistent_secrets", "false");
        settings.setProperty("temp_directory", "");
        settings.setProperty("memory_limit", "1GB");
        // one thread: rows come in file order
        settings.setProperty("threads", "1");
        try {
            return new DuckDb(file, new DuckDBDriver().connect("jdbc:duckdb:", settings));
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start", e);
        } catch (LinkageError e) { // its library is unpacked where temporary files go
            throw new UserException(
                    ("%s cannot be read: the library that reads data files (60 MB) cannot be loaded from the folder of"
                                    + " temporary files, %s; make room there, or name another one with"
                                    + " JAVA_OPTS=-Djava.io.tmpdir=FOLDER.")
                            .formatted(file, System.getProperty("java.io.tmpdir")),
                    e);
        }
    }

    /**
     * Runs a query that reads the file and hands over its rows one by one.
     *
     * @throws UserException if the file cannot be read so
     */
    void query(String sql, RowReader reader) {
        try (Cursor rows = cursor(sql)) {
            for (@Nullable String[] cells = rows.next(); cells != null; cells = rows.next()) {
                reader.row(cells);
            }
        }
    }

    /** Rows of a result that are fetched when they are asked for. */
    final class Cursor implements AutoCloseable {

        private final Statement statement;
        private final ResultSet result;
        private final int columns;

        private Cursor(String sql) throws SQLException {
            statement = connection.createStatement();
            try {
                result = statement.executeQuery(sql);
                columns = result.getMetaData().getColumnCount();
            } catch (SQLException e) {
                statement.close();
                throw e;
            }
        }

        /** The next row; null after the last one. */
        @Nullable
        String @Nullable [] next() {
            try {
                if (!result.next()) {
                    return null;
                }
                @Nullable String[] cells = new String[columns];
                for (int i = 0; i < columns; i++) {
                    cells[i] = result.getString(i + 1);
                }
                return cells;
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            try {
                statement.close();
            } catch (SQLException e) {
                throw new IllegalStateException("DuckDB does not close a result", e);
            }
        }
    }

    /**
     * Runs a query that reads the file; its rows are fetched from the cursor.
     *
     * @throws UserException if the file cannot be read so
     */
    Cursor cursor(String sql) {
        try {
            return new Cursor(sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private UserException failure(SQLException e) {
        return new UserException("Cannot read %s: %s.".formatted(file, reason(e)), e);
    }

    /** A string literal. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A quoted name of a column. */
    static String name(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    /** {@code {'a': 'VARCHAR', ...}}, which makes the readers of text files take these columns as they are. */
    static String asText(List<String> columns) {
        StringBuilder list = new StringBuilder("{");
        for (String column : columns) {
            list.append(list.length() == 1 ? "" : ", ").append(literal(column)).append(": 'VARCHAR'");
        }
        return list.append('}').toString();
    }

    /** DuckDB explains at length, with settings that the user never made: one line of it says what is wrong. */
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
            return "line %s is broken, %s".formatted(place.group(1), what.replaceFirst("\\.$", ""));
        }
        return message.lines()
                .findFirst()
                .orElse(message)
                .replaceFirst("\\. Try .*", "")
                .strip()
                .replaceFirst("\\.$", "");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }
}
