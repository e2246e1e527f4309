package org.layerwise.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.file.TemporaryFileJournal;
import org.layerwise.cli.CancellationTest;

class StartupCleanupTest {

    @TempDir
    Path cache;

    @Test
    void librariesThatWereNeverUnpackedToTheEndAreDeleted() throws IOException {
        Path journals = Files.createDirectories(cache.resolve("running"));
        Path old = unpacked("pytorch/tmp12345", Duration.ofHours(2));
        Path young = unpacked("pytorch/tmp6789", Duration.ofMinutes(1));
        Path whole = unpacked("pytorch/2.7.1-cpu-linux-x86_64", Duration.ofDays(9));

        StartupCleanup.sweep(cache, journals);

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

        StartupCleanup.sweep(cache, journals);
        assertThat(old).exists();
        other.destroyForcibly().waitFor();
        StartupCleanup.sweep(cache, journals);

        assertThat(old).doesNotExist();
    }

    @Test
    void temporaryFilesOfKilledProcessesAreDeletedAfterADay() throws IOException {
        Path journals = Files.createDirectories(cache.resolve("running"));
        Duration old = Duration.ofHours(25);
        Path library = temporary("libduckdb_java1108691142959992601.so", old);
        Path child = temporary("layerwise-child1108691142959992602.in", old);
        Path zip = zip("layerwise110869114295999260.zip", "check.py", old);
        Path ownZip = zip("layerwise202611290829300000.zip", "thesis.txt", old);
        Path noZip = temporary("layerwise202611290829300001.zip", old);
        Path job = job("layerwise-job16925385218236071204", "job/plan.json", old);
        Path exported = job("layerwise-job1", "job/plan.json", old); // as with export-job --out /tmp/layerwise-job1
        Path noJob = job("layerwise-job16925385218236071205", "plan.json", old);
        Path young = temporary("libduckdb_java1108691142959992622.so", Duration.ofHours(1));
        Path mine = temporary("layerwise-notes.txt", old);
        Path backup = temporary("libduckdb_java1108691142959992622.so.bak", old);
        Path linked = Files.writeString(cache.resolve("linked"), "mine");
        age(linked, old);
        Path link = Files.createSymbolicLink(cache.resolve("tmp/libduckdb_java1108691142959992633.so"), linked);

        StartupCleanup.sweepTemporary(cache.resolve("tmp"), journals);

        assertThat(List.of(library, child, zip, job))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(List.of(ownZip, noZip, young, mine, backup, linked, link, exported, noJob))
                .allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    void whatARunningProcessMayNeedStays() throws IOException, InterruptedException {
        Path journals = cache.resolve("running");
        Duration old = Duration.ofDays(3);
        Path job = job("layerwise-job16925385218236071204", "results/part.bin", old);
        Path library = temporary("libduckdb_java1108691142959992644.so", old);
        Process other = CancellationTest.java(Other.class, journals.toString());
        assertThat(other.inputReader().readLine()).isEqualTo("running");

        StartupCleanup.sweepTemporary(cache.resolve("tmp"), journals);
        other.destroyForcibly().waitFor();

        assertThat(job).exists();
        assertThat(library).as("loaded long ago").doesNotExist();
    }

    @Test
    void filesOfOthersStay() throws IOException {
        Path library = temporary("libduckdb_java1108691142959992655.so", Duration.ofDays(3));
        UserPrincipal other = () -> "somebody else";

        new LeftoverFiles(cache.resolve("tmp"), other).sweep(true);

        assertThat(library).exists();
    }

    private Path temporary(String name, Duration age) throws IOException {
        Path folder = Files.createDirectories(cache.resolve("tmp"));
        Path file = Files.writeString(folder.resolve(name), "left");
        age(file, age);
        return file;
    }

    private Path zip(String name, String entry, Duration age) throws IOException {
        Path file = temporary(name, age);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write('x');
        }
        age(file, age);
        return file;
    }

    private Path job(String name, String file, Duration age) throws IOException {
        Path folder = cache.resolve("tmp").resolve(name);
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), "left");
        age(folder, age);
        return folder;
    }

    private static void age(Path path, Duration age) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
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
            TemporaryFileJournal.ofProcess().begin(Path.of(args[0]));
            System.out.println("running");
            Thread.sleep(60_000);
        }
    }
}
