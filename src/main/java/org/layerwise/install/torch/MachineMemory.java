package org.layerwise.install.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Memory that a process on this machine can still use. It is known on Linux only.
 *
 * @param root root of the file system, {@code /} except in tests
 */
public record MachineMemory(Path root) {

    /**
     * Returns the free memory in bytes: the smaller of the available memory of the machine and the free memory of the
     * process's control group.
     */
    public OptionalLong available() {
        OptionalLong kilobytes = figure(root.resolve("proc/meminfo"), "MemAvailable:");
        OptionalLong group = groupLeaves();
        return kilobytes.isEmpty()
                ? group
                : OptionalLong.of(Math.min(1024 * kilobytes.getAsLong(), group.orElse(Long.MAX_VALUE)));
    }

    /** Names of files and keys in version 2 and version 1 of Linux control groups. */
    private record GroupFiles(String mount, String line, String limit, String used, String active, String inactive) {
        static final List<GroupFiles> VERSIONS = List.of(
                new GroupFiles(
                        "sys/fs/cgroup", "0::/", "memory.max", "memory.current", "active_file ", "inactive_file "),
                new GroupFiles(
                        "sys/fs/cgroup/memory",
                        ":memory:/",
                        "memory.limit_in_bytes",
                        "memory.usage_in_bytes",
                        "total_active_file ",
                        "total_inactive_file "));
    }

    private OptionalLong groupLeaves() {
        return GroupFiles.VERSIONS.stream()
                .map(this::leaves)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min();
    }

    /**
     * Returns the free memory of the process's control group in bytes. A limit applies to a group and all of its
     * descendants, so all parent groups count.
     */
    private OptionalLong leaves(GroupFiles files) {
        OptionalLong least = OptionalLong.empty();
        Path mount = root.resolve(files.mount());
        Path group = mount.resolve(ownGroup(files.line())).normalize();
        while (group != null && group.startsWith(mount)) {
            OptionalLong limit = number(group.resolve(files.limit()));
            OptionalLong used = number(group.resolve(files.used()));
            if (limit.isPresent() && used.isPresent()) {
                // the page cache counts as used, but the kernel can free it
                Path statistics = group.resolve("memory.stat");
                long yielding = figure(statistics, files.active()).orElse(0)
                        + figure(statistics, files.inactive()).orElse(0);
                long free = Math.max(0, limit.getAsLong() - Math.max(0, used.getAsLong() - yielding));
                least = OptionalLong.of(Math.min(free, least.orElse(Long.MAX_VALUE)));
            }
            group = group.getParent();
        }
        return least;
    }

    private String ownGroup(String line) {
        try {
            return Files.readAllLines(root.resolve("proc/self/cgroup")).stream()
                    .filter(group -> group.contains(line))
                    .map(group -> group.substring(group.indexOf(line) + line.length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // no such control group, or "max"
        }
    }

    /** Returns the figure in the first line that begins with a key; empty without such a line, or without Linux. */
    private static OptionalLong figure(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
