package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Process that writes a journal, as named in the journal. Locks alone do not show that a process is alive: some network
 * file systems do not pass them on to other hosts.
 *
 * @param host name of the machine and id of its installation; "/" on systems other than Linux
 * @param boot random id of the machine's boot; empty on systems other than Linux
 * @param processes id of the namespace of process ids, which differs between containers; empty on systems other than
 *     Linux
 * @param pid process id
 * @param started start of the process in milliseconds since 1970
 */
record JournalOwner(String host, String boot, String processes, long pid, long started) {

    private static final String BEGINNING = "process";
    private static final String SEPARATOR = " ";
    private static final int PARTS = 6;

    /** The start of a process follows from the clock, which may be set meanwhile. */
    private static final Duration CLOCK = Duration.ofMinutes(1);

    /** Returns this process. */
    static JournalOwner current() {
        ProcessHandle process = ProcessHandle.current();
        return new JournalOwner(
                word("/proc/sys/kernel/hostname") + "/" + word("/etc/machine-id"),
                word("/proc/sys/kernel/random/boot_id"),
                namespace(),
                process.pid(),
                started(process).toEpochMilli());
    }

    private static String word(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return ""; // not a Linux system
        }
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // not a Linux system
        }
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Returns the process as an entry of a journal. */
    String text() {
        return String.join(SEPARATOR, BEGINNING, host, boot, processes, String.valueOf(pid), String.valueOf(started));
    }

    /** Returns the process that an entry of a journal names; empty if the entry names a path. */
    static Optional<JournalOwner> of(String entry) {
        String[] parts = entry.split(SEPARATOR, -1);
        if (parts.length != PARTS || !parts[0].equals(BEGINNING)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new JournalOwner(parts[1], parts[2], parts[3], Long.parseLong(parts[4]), Long.parseLong(parts[5])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns true if the process is known to have ended: it ran in an earlier boot of the machine of this process, or
     * this process would see it. Returns false for a process of another machine or container.
     *
     * @param here this process
     */
    boolean hasEnded(JournalOwner here) {
        if (!host.equals(here.host)) {
            return false;
        }
        if (!boot.equals(here.boot)) {
            return true;
        }
        return processes.equals(here.processes)
                && ProcessHandle.of(pid)
                        .map(process -> Duration.between(Instant.ofEpochMilli(started), started(process))
                                        .abs()
                                        .compareTo(CLOCK)
                                > 0)
                        .orElse(true);
    }
}
