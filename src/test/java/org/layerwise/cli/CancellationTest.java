package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CancellationTest {

    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path folder;

    /** SIGTERM takes the same way as Ctrl+C, which a process started in the background may ignore. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSignalLetsTheWorkPutItsFilesInOrder() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName())
                .redirectErrorStream(true)
                .start();
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("working");

        process.toHandle().destroy(); // Process.destroy would close the streams

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("", "Stopping after the step in hand.", "in order");
        assertThat(process.exitValue()).isEqualTo(TERMINATED);
    }

    @Test
    void aCommandThatWasStoppedSaysSoWithItsExitCode() {
        CommandLineFixture cli = new CommandLineFixture(folder);
        cli.context().cancellation().request();

        assertThat(cli.run("--version")).isEqualTo(ExitCode.CANCELLED);
    }

    /** Work that takes a while to stop. */
    static final class Probe {

        private Probe() {}

        public static void main(String[] args) throws InterruptedException {
            Cancellation cancellation = new Cancellation();
            Console console = new Console(System.out, System.err, false);
            cancellation.onShutdown(console);
            ConsoleProgress progress = new ConsoleProgress(console, cancellation, "Probe");
            System.out.println("working");
            while (!progress.cancelled()) {
                Thread.sleep(10);
            }
            Thread.sleep(500);
            System.out.println("in order");
            cancellation.finished();
        }
    }
}
