package org.layerwise.data.file;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * Reads data files with DuckDB in a process of its own, since DuckDB ends the process on some damaged Parquet files.
 * {@link DuckDbClient} is the other end.
 */
public final class DuckDbServer {

    /** Command-line argument that makes the program only read data files. */
    public static final String ARGUMENT = "--read-data-files";

    /** Request to open a file: its path, and true if results are streamed. */
    static final int OPEN = 1;

    /** Request to run a query: its SQL. */
    static final int QUERY = 2;

    /** Request for a block of rows of the query; the answer ends with true if these are the last ones. */
    static final int FETCH = 3;

    /** Request to close the query. */
    static final int END_QUERY = 4;

    /** Request to close the file. */
    static final int CLOSE = 5;

    /** Answer to a request that succeeded. */
    static final int DONE = 10;

    /** Answer to a request that failed: the message of a {@link UserException}. */
    static final int REFUSED = 11;

    /** Length of a cell that is NULL. */
    static final int NULL = -1;

    private final DataInputStream in;
    private final DataOutputStream out;
    private @Nullable DuckDb open;
    private @Nullable RowCursor cursor;

    private DuckDbServer(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(new BufferedOutputStream(out));
    }

    /**
     * Answers requests until the input ends.
     *
     * @throws IOException if the input ends within a request, or nobody reads the answers
     */
    public static void run(InputStream in, OutputStream out) throws IOException {
        new DuckDbServer(in, out).run();
    }

    private void run() throws IOException {
        for (int request = in.read(); request >= 0; request = in.read()) {
            try {
                answer(request);
            } catch (UserException e) {
                out.writeByte(REFUSED);
                write(out, String.valueOf(e.getMessage()));
            }
            out.flush();
        }
        close();
    }

    private void answer(int request) throws IOException {
        switch (request) {
            case OPEN -> {
                Path file = Path.of(String.valueOf(read(in)));
                open = DuckDb.forFile(file, in.readBoolean(), Progress.none());
                out.writeByte(DONE);
            }
            case QUERY -> {
                String sql = String.valueOf(read(in));
                cursor = required(open).cursor(sql);
                out.writeByte(DONE);
            }
            case FETCH -> {
                List<@Nullable String[]> rows = new ArrayList<>();
                boolean ended = required(cursor).fetch(rows);
                out.writeByte(DONE);
                out.writeInt(rows.size());
                for (@Nullable String[] row : rows) {
                    out.writeInt(row.length);
                    for (String cell : row) {
                        write(out, cell);
                    }
                }
                out.writeBoolean(ended);
            }
            case END_QUERY -> {
                endQuery();
                out.writeByte(DONE);
            }
            case CLOSE -> {
                close();
                out.writeByte(DONE);
            }
            default -> throw new IOException("no request has the number " + request);
        }
    }

    private void endQuery() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }

    private void close() {
        endQuery();
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private static <T> T required(@Nullable T value) throws IOException {
        if (value == null) {
            throw new IOException("nothing is open");
        }
        return value;
    }

    /** Writes a text, or null. */
    static void write(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(NULL);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads a text, or null. */
    static @Nullable String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
