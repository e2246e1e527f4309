package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Memory that a process on this machine can still take, as Linux tells it; elsewhere not known. */
public final class MachineMemory {

    private final Path root;

    /** @param root of the file system, {@code /} but in tests */
    public MachineMemory(Path root) {
        this.root = root;
    }

    /** The smaller of what the machine has available and what the process's control group leaves, in bytes. */
    public OptionalLong available() {
        OptionalLong machine = kilobytes("MemAvailable:");
        OptionalLong group = groupLeaves();
        if (machine.isEmpty()) {
            return group;
        }
        return group.isEmpty() ? machine : OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
    }

    /** What the processor is called; its kind where Linux does not tell. */
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
            return OptionalLong.empty(); // another system: nothing is known
        }
    }

    /** What version 2 and version 1 of control groups call the same things. */
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

    /** A limit holds for a group and all below it. */
    private OptionalLong leaves(GroupFiles files) {
        OptionalLong least = OptionalLong.empty();
        Path mount = root.resolve(files.mount());
        Path group = mount.resolve(ownGroup(files.line())).normalize();
        while (group.startsWith(mount)) {
            OptionalLong limit = number(group.resolve(files.limit()));
            OptionalLong used = number(group.resolve(files.used()));
            if (limit.isPresent() && used.isPresent()) {
                // pages of files count as used, but give way
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
