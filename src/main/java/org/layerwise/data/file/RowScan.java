package org.layerwise.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * Scan of the bytes of a text file ahead of DuckDB, which ends the process at a row that nests too deeply and drops the
 * last row of a CSV file if it is too long. The scan covers the rows that are to be read, keeps one piece of the file
 * in memory at a time, and counts the rows, so that no row can be lost without an error.
 */
final class RowScan implements AutoCloseable {

    // DuckDB parses whole vectors of 2,048 rows, so it reads some more rows than requested
    private static final int ROWS_AHEAD = 5 * 2048;
    private static final int PIECE = 1 << 18;

    /** Rules of one file format. */
    interface Rules {

        /**
         * Scans the next bytes.
         *
         * @throws UserException if a row cannot be read
         */
        void take(byte[] bytes, int length);

        /** Notes the end of the file. */
        void end();

        /** Returns the number of rows that have ended so far, without the header. */
        long rows();

        /** Returns the keys of the first rows, each once; none if the rows of the format have no keys. */
        default List<String> keys(long first) {
            return List.of();
        }

        /** Returns true if some lines end in LF and others in CRLF, for which DuckDB needs an option. */
        boolean mixedEndings();
    }

    private final Path file;
    private final Rules rules;
    private final Progress progress;
    private final byte[] piece = new byte[PIECE];
    private final InputStream in;
    private boolean ended;

    private RowScan(Path file, Rules rules, Progress progress) {
        this.file = file;
        this.rules = rules;
        this.progress = progress;
        try {
            this.in = Gzip.open(file);
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }

    /** Opens a scan that begins before the first row. */
    static RowScan start(Path file, Rules rules, Progress progress) {
        return new RowScan(file, rules, progress);
    }

    /**
     * Scans until after the first {@code rows} rows and the rows that DuckDB reads in addition.
     *
     * @throws UserException if one of these rows cannot be read, or the file is damaged
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    void requireFirst(long rows) {
        try {
            while (!ended && rules.rows() - ROWS_AHEAD < rows) {
                progress.check();
                int length = in.readNBytes(piece, 0, PIECE);
                rules.take(piece, length);
                if (length < PIECE) {
                    ended = true;
                    rules.end();
                }
            }
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }

    /**
     * Scans to the end of the file.
     *
     * @return the number of rows
     */
    long requireAll() {
        requireFirst(Long.MAX_VALUE);
        return rules.rows();
    }

    /** Returns the keys of the first rows, each once; none if the rows of the format have no keys. */
    List<String> keys(long first) {
        return rules.keys(first);
    }

    /** Returns true if some of the lines scanned so far end in LF and others in CRLF. */
    boolean mixedEndings() {
        return rules.mixedEndings();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }
}
