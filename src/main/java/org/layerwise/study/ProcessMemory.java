package org.layerwise.study;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.slf4j.LoggerFactory;

/** How much memory this process takes, native memory included. Linux tells; elsewhere the answer is empty. */
public final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** Bytes in memory now. */
    public static OptionalLong now() {
        return read("VmRSS:");
    }

    /** The most bytes in memory since the start of the process or the last {@link #restartPeak}. */
    static OptionalLong peak() {
        return read("VmHWM:");
    }

    /** Forgets the peak so far, and gives back what earlier work left, so that the next peak belongs to what follows. */
    static void restartPeak() {
        giveBack();
        try {
            if (Files.isWritable(CLEAR)) {
                Files.writeString(CLEAR, "5"); // proc(5): resets the peak resident set size
            }
        } catch (IOException e) {
            // not permitted in some containers: the peak then counts from the start of the process, which is still true
            return;
        }
    }

    /** Freed memory stays with the process, as glibc has it, until it is trimmed; newer virtual machines can do that. */
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
