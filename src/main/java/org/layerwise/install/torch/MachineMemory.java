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
        OptionalLong machine = kilobytes("MemAvailable:");
        OptionalLong group = groupLeaves();
        if (machine.isEmpty()) {
            return group;
        }
        return group.isEmpty() ? machine : OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
    }

    /** Returns the name of the processor, or its architecture if Linux does not provide a name. */
    static String processor(Path root) {
        String kind = System.getProperty("os.arch", "");
        try {
            return Files.readAllLines(root.resolve("proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(kind);
        } catch (IOException e) {
            return kind;
        }
    }

    private OptionalLong kilobytes(String key) {
        try {
            return Files.readAllLines(root.resolve("proc/meminfo")).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // no Linux: the free memory is unknown
        }
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
                long yielding = statistic(statistics, files.active()) + statistic(statistics, files.inactive());
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

    private static long statistic(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(key.length()).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
