package org.layerwise.base.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Second process of this program that answers requests until its input ends, for native calls that may end the process that makes
 * them. Its standard error is discarded.
 *
 * @param process the process
 * @param requests standard input of the process, buffered
 * @param answers standard output of the process, buffered
 */
public record PipedProcess(Process process, DataOutputStream requests, DataInputStream answers) {

    /**
     * Starts a process.
     *
     * @param program command that starts this program, without arguments, as {@link OwnCommand#command} returns it
     * @param argument argument that makes the program answer requests
     * @throws IOException if the process cannot be started
     */
    public static PipedProcess start(List<String> program, String argument) throws IOException {
        Process process = OwnCommand.process(program, List.of(argument))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new PipedProcess(
                process,
                new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                new DataInputStream(new BufferedInputStream(process.getInputStream())));
    }

    /** Ends the process, whatever it does. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly); // processes that a launcher started
        process.destroyForcibly();
    }
}
