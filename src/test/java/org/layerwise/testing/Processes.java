package org.layerwise.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes of this program's classes. */
public final class Processes {

    private Processes() {}

    /**
     * Starts a class's {@code main} several times; each is given the number of its process and the arguments.
     *
     * @param folder for what they print and the sign to begin
     */
    public static void atOnce(Class<?> main, int count, Path folder, String... arguments) throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                List<String> command = new ArrayList<>(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        folder.toString(),
                        String.valueOf(i)));
                command.addAll(List.of(arguments));
                processes.add(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("printed-" + i).toFile())
                        .start());
            }
            for (int i = 0; i < count; i++) {
                await(folder.resolve("ready-" + i), processes.get(i));
            }
            Files.createFile(folder.resolve("go"));
            for (int i = 0; i < count; i++) {
                assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(processes.get(i).exitValue())
                        .as(Files.readString(folder.resolve("printed-" + i)))
                        .isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    /**
     * Starts a class's {@code main} with a folder as its argument, in which a crash leaves its log.
     *
     * @return what it prints; it ends with exit code 0
     */
    public static String output(Class<?> main, Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** Called by a process that is ready: all go on together. */
    public static void ready(Path folder, String number) throws Exception {
        Files.createFile(folder.resolve("ready-" + number));
        while (!Files.exists(folder.resolve("go"))) {
            Thread.sleep(1);
        }
    }

    private static void await(Path sign, Process process) throws InterruptedException, IOException {
        while (!Files.exists(sign)) {
            assertThat(process.isAlive() || Files.exists(sign))
                    .as("it waits for the others")
                    .isTrue();
            Thread.sleep(10);
        }
    }
}
