package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory that a process on this machine can still take, as Linux tells it; elsewhere not known. */
final class MachineMemory {

    private final Path root;

    /** @param root of the file system, {@code /} but in tests */
    MachineMemory(Path root) {
        this.root = root;
    }

    /** The smaller of what the machine has available and what the process's control group leaves, in bytes. */
    OptionalLong available() {
        OptionalLong machine = kilobytes("MemAvailable:");
        OptionalLong group = groupLeaves();
        if (machine.isEmpty()) {
            return group;
        }
        return group.isEmpty() ? machine : OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
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

    /** Control groups, version 2: a limit holds for a group and all below it. */
    private OptionalLong groupLeaves() {
        OptionalLong least = OptionalLong.empty();
        Path mount = root.resolve("sys/fs/cgroup");
        Path group = mount.resolve(ownGroup()).normalize();
        while (group.startsWith(mount)) {
            OptionalLong limit = number(group.resolve("memory.max"));
            OptionalLong used = number(group.resolve("memory.current"));
            if (limit.isPresent() && used.isPresent()) {
                // pages of files count as used, but give way
                long files = statistic(group.resolve("memory.stat"), "inactive_file ")
                        + statistic(group.resolve("memory.stat"), "active_file ");
                long leaves = Math.max(0, limit.getAsLong() - Math.max(0, used.getAsLong() - files));
                least = OptionalLong.of(Math.min(leaves, least.orElse(Long.MAX_VALUE)));
            }
            group = group.getParent();
        }
        return least;
    }

    private String ownGroup() {
        try {
            return Files.readAllLines(root.resolve("proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::/".length()))
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
