package org.layerwise.data.file;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.process.NativeCalls;
import org.layerwise.base.process.PipedProcess;

/**
 * DuckDB in another process ({@link DuckDbServer}), for files on which DuckDB may end the process: a damaged page of a
 * Parquet file is enough. The process is kept for the next file; cancelled work kills it.
 */
final class DuckDbClient implements SqlDatabase {

    private final Path file;
    private final DuckDbProcessPool processes;
    private final PipedProcess server;
    private final NativeCalls calls = new NativeCalls("data file");
    private final Progress progress;
    private boolean broken;

    /** Reads the rest of an answer. */
    @FunctionalInterface
    private interface Answer<T> {
        T read(DataInputStream answers) throws IOException;
    }

    /** Writes a request. */
    @FunctionalInterface
    private interface Request {
        void write(DataOutputStream requests) throws IOException;
    }

    private DuckDbClient(Path file, DuckDbProcessPool processes, Progress progress) {
        this.file = file;
        this.processes = processes;
        this.server = processes.take(file);
        this.progress = progress;
    }

    /**
     * Opens a database that reads {@code file}, which messages name.
     *
     * @param streamed true to get results row by row, for more rows than fit into memory
     * @param processes processes of which one reads the file
     * @param progress progress whose cancellation is checked at least ten times a second
     * @throws UserException if the process cannot be started, or DuckDB does not start there
     * @throws CancelledException if the progress was cancelled
     */
    static DuckDbClient forFile(Path file, boolean streamed, DuckDbProcessPool processes, Progress progress) {
        DuckDbClient opened = new DuckDbClient(file, processes, progress);
        try {
            opened.ask(
                    requests -> {
                        requests.writeByte(DuckDbServer.OPEN);
                        DuckDbServer.write(requests, file.toString());
                        requests.writeBoolean(streamed);
                    },
                    answers -> true);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Returns the number of the other process. */
    long pid() {
        return server.process().pid();
    }

    @Override
    public RowCursor cursor(String sql) {
        ask(
                requests -> {
                    requests.writeByte(DuckDbServer.QUERY);
                    DuckDbServer.write(requests, sql);
                },
                answers -> true);
        return new Rows();
    }

    private final class Rows extends RowCursor {

        @Override
        boolean fetch(Collection<@Nullable String[]> rows) {
            return ask(requests -> requests.writeByte(DuckDbServer.FETCH), answers -> fetched(answers, rows));
        }

        private static boolean fetched(DataInputStream answers, Collection<@Nullable String[]> rows)
                throws IOException {
            int count = answers.readInt();
            for (int i = 0; i < count; i++) {
                @Nullable String[] cells = new String[answers.readInt()];
                for (int j = 0; j < cells.length; j++) {
                    cells[j] = DuckDbServer.read(answers);
                }
                rows.add(cells);
            }
            return answers.readBoolean();
        }

        @Override
        public void close() {
            if (!broken) {
                askAtEnd(DuckDbServer.END_QUERY);
            }
        }
    }

    private <T> T ask(Request request, Answer<T> answer) {
        return result(() -> {
            request.write(server.requests());
            server.requests().flush();
            int kind = server.answers().readUnsignedByte();
            if (kind == DuckDbServer.REFUSED) {
                throw new UserException(String.valueOf(DuckDbServer.read(server.answers())));
            }
            if (kind != DuckDbServer.DONE) {
                throw new EOFException("answer " + kind);
            }
            return answer.read(server.answers());
        });
    }

    private <T> T result(Callable<T> call) {
        try {
            return calls.result(calls.start(call), progress);
        } catch (CancelledException e) {
            end();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserException refused) {
                throw refused;
            }
            end();
            throw new UserException(
                    "%s ends the process that reads it, so it is damaged; copy or download it again.".formatted(file),
                    e);
        }
    }

    private void end() {
        broken = true;
        server.kill();
    }

    /** Closes something in the other process, which is killed if this fails. */
    private void askAtEnd(int request) {
        calls.atEnd(() -> {
            try {
                server.requests().writeByte(request);
                server.requests().flush();
                if (server.answers().readUnsignedByte() != DuckDbServer.DONE) {
                    end();
                }
            } catch (IOException e) {
                end();
            }
            return null;
        });
    }

    @Override
    public void close() {
        if (!broken) {
            askAtEnd(DuckDbServer.CLOSE);
        }
        calls.close();
        if (!broken) {
            processes.giveBack(server);
        }
    }
}
