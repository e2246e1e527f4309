package org.layerwise.base.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs other programs of the system that print a short text. */
public final class ProcessRunner {

    private ProcessRunner() {}

    /**
     * Returns the standard output of a program without surrounding blanks. Blocks until the program ends.
     *
     * @param command program and its arguments; its output must fit into a pipe
     * @param patience time after which the program is killed
     * @return output; empty if there is no such program, it fails, or it takes longer
     */
    public static Optional<String> output(List<String> command, Duration patience) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
