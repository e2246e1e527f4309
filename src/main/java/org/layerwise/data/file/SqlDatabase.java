package org.layerwise.data.file;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Database that reads one data file and is then closed. */
sealed interface SqlDatabase extends AutoCloseable permits DuckDb, DuckDbClient {

    /** Receiver of the rows of a result, as {@link RowCursor} returns them. */
    @FunctionalInterface
    interface RowReader {
        void row(@Nullable String[] cells);
    }

    /**
     * Runs a query that reads the file; the cursor fetches its rows. At most one cursor is open at a time.
     *
     * @throws UserException if the file cannot be read by this query
     * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
     */
    RowCursor cursor(String sql);

    /**
     * Runs a query that reads the file, and passes its rows to {@code reader} one by one.
     *
     * @throws UserException if the file cannot be read by this query
     * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
     */
    default void query(String sql, RowReader reader) {
        try (RowCursor rows = cursor(sql)) {
            forEach(rows, reader);
        }
    }

    /** Passes the rows of a cursor to {@code reader} one by one. */
    static void forEach(RowCursor rows, RowReader reader) {
        for (@Nullable String[] cells = rows.next(); cells != null; cells = rows.next()) {
            reader.row(cells);
        }
    }

    @Override
    void close();
}
