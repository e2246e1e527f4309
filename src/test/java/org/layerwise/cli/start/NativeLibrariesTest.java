package org.layerwise.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {

    @TempDir
    Path folder;

    @Test
    void nothingIsUnpackedOutsideTheCache() {
        Map<String, String> properties = NativeLibraries.properties(folder);

        assertThat(properties)
                .containsKeys("DJL_CACHE_DIR", "org.bytedeco.javacpp.cachedir", "javafx.cachedir", "jna.tmpdir")
                .containsEntry("ai.djl.offline", "true");
        assertThat(properties.values()).allMatch(value -> value.equals("true") || value.startsWith(folder.toString()));
    }

    /** In a process of its own: the C library's environment cannot be put back. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void idleThreadsSleepAfterAShortWhileAndTensorsHaveHugePages() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                folder.toString());
        builder.environment().keySet().removeAll(List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "THP_MEM_ALLOC_ENABLE"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip()).isEqualTo("passive 10000 1");
    }

    /** A process that prints what the C library's getenv says. */
    static final class Probe {

        interface Environment extends Library {
            String getenv(String name);
        }

        private Probe() {}

        public static void main(String[] args) {
            NativeLibraries.prepare(Path.of(args[0]));
            Environment environment = Native.load("c", Environment.class);
            System.out.println(environment.getenv("OMP_WAIT_POLICY") + " " + environment.getenv("GOMP_SPINCOUNT") + " "
                    + environment.getenv("THP_MEM_ALLOC_ENABLE"));
        }
    }
}
