package org.layerwise.data;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Database that reads one data file and is then closed. */
sealed interface SqlDatabase extends AutoCloseable permits DuckDb, DuckDbProcess {

    /** Receiver of the rows of a result. A row is an array of its columns, in order; null is SQL's NULL. */
    @FunctionalInterface
    interface RowReader {
        void row(@Nullable String[] cells);
    }

    /** Cursor whose rows are fetched on demand. */
    interface Cursor extends AutoCloseable {

        /**
         * Returns the next row; null after the last one.
         *
         * @throws UserException if the file cannot be read further
         * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
         */
        @Nullable
        String @Nullable [] next();

        @Override
        void close();
    }

    /**
     * Runs a query that reads the file; the cursor fetches its rows. At most one cursor is open at a time.
     *
     * @throws UserException if the file cannot be read by this query
     * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
     */
    Cursor cursor(String sql);

    /**
     * Runs a query that reads the file, and passes its rows to {@code reader} one by one.
     *
     * @throws UserException if the file cannot be read by this query
     * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
     */
    default void query(String sql, RowReader reader) {
        try (Cursor rows = cursor(sql)) {
            for (@Nullable String[] cells = rows.next(); cells != null; cells = rows.next()) {
                reader.row(cells);
            }
        }
    }

    @Override
    void close();
}
