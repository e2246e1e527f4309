package org.layerwise.data.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.base.process.PipedProcess;

/**
 * Processes that read Parquet files ({@link DuckDbServer}). A process starts with the first file, which takes about a second, and
 * waits for the next one. Must be closed. Thread-safe.
 */
final class DuckDbProcessPool implements AutoCloseable {

    private final List<String> program;
    private @Nullable PipedProcess idle;
    private boolean closed;

    DuckDbProcessPool() {
        this(OwnCommand.briefCommand());
    }

    /**
     * Creates processes of another program.
     *
     * @param program command that starts this program, without arguments
     */
    DuckDbProcessPool(List<String> program) {
        this.program = List.copyOf(program);
    }

    /**
     * Returns a process for a file: the idle one, or a new one.
     *
     * @throws UserException if it cannot be started
     */
    synchronized PipedProcess take(Path file) {
        PipedProcess waiting = idle;
        idle = null;
        if (waiting != null && waiting.process().isAlive()) {
            return waiting;
        }
        try {
            return PipedProcess.start(program, DuckDbServer.ARGUMENT);
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be read: the process that reads Parquet files cannot be started (%s)."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Takes back a process that can read another file. */
    synchronized void giveBack(PipedProcess server) {
        if (closed || idle != null) {
            server.kill();
        } else {
            idle = server;
        }
    }

    /** Ends the idle process. */
    @Override
    public synchronized void close() {
        closed = true;
        if (idle != null) {
            idle.kill();
            idle = null;
        }
    }
}
