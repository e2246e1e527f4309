package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {

    @TempDir
    private Path root;

    @Test
    void theMachineTellsWhatIsAvailable() throws IOException {
        write("proc/meminfo", "MemTotal: 100 kB\nMemAvailable:    64 kB\n");
        assertThat(new MachineMemory(root).available()).hasValue(64 * 1024);
    }

    @Test
    void aLimitOfTheControlGroupOrOneAboveItCounts() throws IOException {
        write("proc/meminfo", "MemAvailable: 6400000 kB\n");
        write("proc/self/cgroup", "0::/user/job\n");
        write("sys/fs/cgroup/user/job/memory.max", "max\n");
        write("sys/fs/cgroup/user/job/memory.current", "500\n");
        write("sys/fs/cgroup/user/memory.max", "5000\n");
        write("sys/fs/cgroup/user/memory.current", "3000\n");
        write("sys/fs/cgroup/user/memory.stat", "anon 1000\ninactive_file 1500\nactive_file 500\n");
        assertThat(new MachineMemory(root).available()).hasValue(4000);
    }

    @Test
    void theOlderControlGroupsCountToo() throws IOException {
        write("proc/meminfo", "MemAvailable: 6400000 kB\n");
        write("proc/self/cgroup", "5:cpu:/\n4:memory:/job\n");
        write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "5000\n");
        write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "3000\n");
        write("sys/fs/cgroup/memory/job/memory.stat", "total_inactive_file 1000\ntotal_active_file 0\n");
        assertThat(new MachineMemory(root).available()).hasValue(3000);
    }

    @Test
    void elsewhereNothingIsKnown() {
        assertThat(new MachineMemory(root).available()).isEmpty();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
