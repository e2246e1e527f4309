package org.layerwise.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.slf4j.LoggerFactory;

/**
 * Memory of this process, including native memory. It is known on Linux only; on other systems the results are empty.
 */
public final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** Returns the number of bytes in memory now. */
    public static OptionalLong now() {
        return read("VmRSS:");
    }

    /**
     * Returns the maximum number of bytes in memory since the start of the process or the last {@link #restartPeak}.
     */
    public static OptionalLong peak() {
        return read("VmHWM:");
    }

    /**
     * Resets the peak and returns freed memory to the system, so that earlier work does not count for the next peak.
     */
    public static void restartPeak() {
        giveBack();
        try {
            if (Files.isWritable(CLEAR)) {
                Files.writeString(CLEAR, "5"); // proc(5): resets the peak resident set size
            }
        } catch (IOException e) {
            // not permitted in some containers: the peak is then that since the start of the process, which is still
            // correct
            return;
        }
    }

    /**
     * Returns freed memory to the system. With glibc, freed memory stays with the process until it is trimmed, which
     * newer Java virtual machines can do.
     */
    private static void giveBack() {
        System.gc();
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
        } catch (JMException | RuntimeMBeanException e) {
            LoggerFactory.getLogger(ProcessMemory.class).debug("this virtual machine does not trim its memory", e);
        }
    }

    private static OptionalLong read(String key) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
