package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.Cancellation;
import org.layerwise.cli.console.Console;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.console.ExitCode;

public class CancellationTest {

    private static final int INTERRUPT = 2;
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path folder;

    /** SIGTERM takes the same way as Ctrl+C, which a process started in the background may ignore. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSignalLetsTheWorkPutItsFilesInOrder() throws IOException, InterruptedException {
        Process process = probe();
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("working");

        process.toHandle().destroy(); // Process.destroy would close the streams

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("", "Stopping.", "in order");
        assertThat(process.exitValue()).isEqualTo(TERMINATED);
    }

    /** SIGINT by kill; what runs in a shell's background ignores it, and its children and their JVMs with it. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSecondCtrlCEndsAtOnce() throws IOException, InterruptedException {
        assumeFalse(ignoresInterrupt(), "skipped: SIGINT is ignored by whatever started this test");
        Process process = probe("never");
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("working");
        process.toHandle().destroy();
        assertThat(said.readLine()).isEmpty();
        assertThat(said.readLine()).isEqualTo("Stopping.");

        for (int i = 0; i < 50 && process.isAlive(); i++) {
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.CANCELLED);
    }

    private static boolean ignoresInterrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << (INTERRUPT - 1)) != 0);
    }

    @Test
    void commandsThatTrainSayThatTheStepIsFinished() {
        assertThat(new TrainCommand().farewell()).contains("after the step in hand", "Ctrl+C again");
        assertThat(new DemoCommand().farewell()).contains("after the step in hand");
        assertThat(new AnalyzeCommand().farewell()).isEqualTo("Stopping.");
    }

    private static Process probe(String... args) throws IOException {
        return java(Probe.class, args);
    }

    /** Starts a program of the tests. */
    public static Process java(Class<?> program, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
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
            Console console = new Console(System.out, System.err, false, false);
            cancellation.onShutdown(console);
            ConsoleProgress progress = new ConsoleProgress(console, cancellation, "Probe");
            System.out.println("working");
            while (!progress.cancelled()) {
                Thread.sleep(10);
            }
            Thread.sleep(args.length == 0 ? 500 : 60_000);
            System.out.println("in order");
            cancellation.finished();
        }
    }
}
