package org.layerwise.gui.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.layerwise.gui.tasks.FxExecutor;

/**
 * Measures the memory of the program every two seconds: the resident memory on Linux, the Java heap on other platforms.
 */
final class MemoryMeter implements AutoCloseable {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBI = 1024;
    private static final int PERIOD_SECONDS = 2;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "layerwise-memory");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts measuring.
     *
     * @param reading receives the number of bytes, on the FX thread
     */
    MemoryMeter(FxExecutor ui, LongConsumer reading) {
        timer.scheduleWithFixedDelay(
                () -> {
                    long bytes = bytes();
                    ui.run(() -> reading.accept(bytes));
                },
                0,
                PERIOD_SECONDS,
                TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static long bytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBI)
                    .findFirst()
                    .orElseGet(MemoryMeter::heap);
        } catch (IOException | UncheckedIOException e) {
            return heap(); // not Linux
        }
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
