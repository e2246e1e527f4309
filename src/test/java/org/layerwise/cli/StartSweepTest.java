package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Leftovers;

class StartSweepTest {

    @TempDir
    Path cache;

    @Test
    void librariesThatWereNeverUnpackedToTheEndAreDeleted() throws IOException {
        Path journals = Files.createDirectories(cache.resolve("running"));
        Path old = unpacked("pytorch/tmp12345", Duration.ofHours(2));
        Path young = unpacked("pytorch/tmp6789", Duration.ofMinutes(1));
        Path whole = unpacked("pytorch/2.7.1-cpu-linux-x86_64", Duration.ofDays(9));

        StartSweep.sweep(cache, journals);

        assertThat(old).doesNotExist();
        assertThat(young.resolve("libtorch.so")).exists();
        assertThat(whole.resolve("libtorch.so")).exists();
    }

    @Test
    void anotherProcessMayStillUnpackThem() throws IOException, InterruptedException {
        Path journals = cache.resolve("running");
        Path old = unpacked("tokenizers/tmp12345", Duration.ofHours(2));
        Process other = CancellationTest.java(Other.class, journals.toString());
        assertThat(other.inputReader().readLine()).isEqualTo("running");

        StartSweep.sweep(cache, journals);
        assertThat(old).exists();
        other.destroyForcibly().waitFor();
        StartSweep.sweep(cache, journals);

        assertThat(old).doesNotExist();
    }

    private Path unpacked(String name, Duration age) throws IOException {
        Path folder = Files.createDirectories(cache.resolve("djl").resolve(name));
        Files.writeString(folder.resolve("libtorch.so"), "half");
        Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minus(age)));
        return folder;
    }

    /** Another start of the program. */
    static final class Other {

        private Other() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Leftovers.ofProcess().begin(Path.of(args[0]));
            System.out.println("running");
            Thread.sleep(60_000);
        }
    }
}
