package org.layerwise.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How far the memory of a process rises above what it holds at a moment, in a process of its own whose heap does not grow and
 * whose allocator gives every larger block back at once: what comes and goes are tensors. On Linux only.
 */
public final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ANONYMOUS = "RssAnon:";
    private static final int EVERY_MILLISECONDS = 2;

    private final long before;

    private PeakMemory(long before) {
        this.before = before;
    }

    /** From now on. */
    public static PeakMemory start() throws IOException {
        long before = bytes("VmRSS:");
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // proc(5): the peak starts anew
        return new PeakMemory(before);
    }

    /** Bytes of the highest so far above the start. */
    public long above() throws IOException {
        return bytes("VmHWM:") - before;
    }

    /**
     * Returns how far the anonymous memory rises during work, in bytes: pages of mapped files do not count. The system keeps no highest
     * value of it, so it is read every few milliseconds.
     */
    public static long anonymous(Runnable work) throws IOException, InterruptedException {
        long before = bytes(ANONYMOUS);
        long highest = before;
        CompletableFuture<Void> done = CompletableFuture.runAsync(work);
        while (!done.isDone()) {
            Thread.sleep(EVERY_MILLISECONDS);
            highest = Math.max(highest, bytes(ANONYMOUS));
        }
        done.join(); // says what failed
        return highest - before;
    }

    /**
     * Runs a program in a new process, and reads the two numbers that it prints last.
     *
     * @param heap of the process, such as {@code 256m}, all of it touched before
     */
    public static long[] measured(Class<?> program, String heap, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("the process that measures memory ended with " + process.exitValue());
        }
        String[] words = printed.substring(printed.lastIndexOf('\n') + 1).split(" ");
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }

    private static long bytes(String key) throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
