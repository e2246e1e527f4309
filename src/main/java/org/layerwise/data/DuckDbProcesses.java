package org.layerwise.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.OwnProgram;
import org.layerwise.base.UserException;

/**
 * Processes that read Parquet files ({@link DuckDbServer}). A process starts with the first file, which takes about a second, and
 * waits for the next one. Must be closed. Thread-safe.
 */
final class DuckDbProcesses implements AutoCloseable {

    private final List<String> program;
    private @Nullable Server idle;
    private boolean closed;

    /** Process with its pipes. */
    record Server(Process process, DataOutputStream requests, DataInputStream answers) {

        void kill() {
            process.descendants().forEach(ProcessHandle::destroyForcibly); // processes that a launcher started
            process.destroyForcibly();
        }
    }

    DuckDbProcesses() {
        this(OwnProgram.briefCommand());
    }

    /**
     * Creates processes of another program.
     *
     * @param program command that starts this program, without arguments
     */
    DuckDbProcesses(List<String> program) {
        this.program = List.copyOf(program);
    }

    /**
     * Returns a process for a file: the idle one, or a new one.
     *
     * @throws UserException if it cannot be started
     */
    synchronized Server take(Path file) {
        Server waiting = idle;
        idle = null;
        if (waiting != null && waiting.process().isAlive()) {
            return waiting;
        }
        try {
            Process process = OwnProgram.process(program, List.of(DuckDbServer.ARGUMENT))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Server(
                    process,
                    new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                    new DataInputStream(new BufferedInputStream(process.getInputStream())));
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be read: the process that reads Parquet files cannot be started (%s)."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Takes back a process that can read another file. */
    synchronized void giveBack(Server server) {
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
