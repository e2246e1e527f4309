package org.layerwise.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.layerwise.run.ProcessMemory;

/** Lines of the standard input that each allow one more measurement, as {@code src/bench/python/turns.py} sends them. */
final class TurnInput {

    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private long begin;

    /** Waits for the next line; the end of the input prints the largest resident memory in MiB and ends the process. */
    void await() {
        try {
            if (input.readLine() == null) {
                System.out.println(ProcessMemory.peak().orElse(0) >> 20);
                System.out.flush();
                System.exit(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin = System.nanoTime();
    }

    /** Prints the milliseconds since the last line came. */
    void printTime() {
        System.out.printf(Locale.ROOT, "%.2f%n", 1e-6 * (System.nanoTime() - begin));
        System.out.flush();
    }
}
