package org.layerwise.base.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.file.TemporaryFolder;

/** Runs this program in a second process, for native calls that may crash or block the process that makes them. */
public final class ChildProcess {

    private static final int LOOK_MILLIS = 50;

    private final List<String> program;
    private final Duration limit;

    /**
     * Result of a process that ended by itself.
     *
     * @param code exit code; on Linux 128 plus the number of the signal if a signal ended the process
     * @param said text that the process wrote to standard output
     * @param complained text that the process wrote to standard error
     */
    public record Ended(int code, String said, String complained) {}

    /**
     * Creates the description of a process without starting it.
     *
     * @param program command that starts this program, without arguments, as {@link OwnCommand#command} returns it
     * @param limit time after which a process is killed
     */
    public ChildProcess(List<String> program, Duration limit) {
        this.program = List.copyOf(program);
        this.limit = limit;
    }

    /** Returns the time after which a process is killed. */
    public Duration limit() {
        return limit;
    }

    /**
     * Starts a process and waits for its end. The process has always ended when this method returns or throws.
     *
     * @param input bytes for the standard input of the process
     * @return result of the process; empty if it did not end in time and was killed
     * @throws IOException if the process cannot be started, or temporary files cannot be written
     * @throws CancelledException if the progress is cancelled, or the thread was interrupted
     */
    public Optional<Ended> run(List<String> arguments, byte[] input, Progress progress) throws IOException {
        // files instead of pipes, which a process that hangs would leave full
        try (TemporaryFolder folder = TemporaryFolder.make("child")) {
            Path read = folder.path().resolve("in");
            Path said = folder.path().resolve("out");
            Path complained = folder.path().resolve("err");
            Files.write(read, input);
            Process process = OwnCommand.process(program, arguments)
                    .redirectInput(read.toFile())
                    .redirectOutput(said.toFile())
                    .redirectError(complained.toFile())
                    .start();
            return ended(process, progress)
                    ? Optional.of(new Ended(process.exitValue(), text(said), text(complained)))
                    : Optional.empty();
        }
    }

    private boolean ended(Process process, Progress progress) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.check();
                if (System.nanoTime() > end) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            throw CancellableWait.interrupted();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly); // processes that a launcher started
            process.destroyForcibly().onExit().join(); // a process that was killed ends at once
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
