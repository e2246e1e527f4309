package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;

/**
 * Reading in a process of its own, so that its working directory and home are empty before: what DuckDB writes there, it
 * writes at the first time only.
 */
class NothingLeftBehindTest {

    @TempDir
    Path folder;

    /** Reads each file that is named, and says how many rows it has. */
    static final class Reading {
        public static void main(String[] files) {
            for (String file : files) {
                try {
                    System.out.println(DataFixtures.read(Path.of(file)).size());
                } catch (UserException e) {
                    System.out.println("refused");
                }
            }
        }
    }

    @Test
    void inTheWorkingDirectoryAtHomeAndBesideTheData() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path working = Files.createDirectory(folder.resolve("working"));
        Path home = Files.createDirectory(folder.resolve("home"));
        Path output = folder.resolve("output.txt");
        List<Path> files = List.of(
                DataFixtures.write(data, "a.jsonl", "{\"text\":\"some words\",\"label\":1}\n".repeat(200_000)),
                DataFixtures.parquet(
                        data, "b.parquet", "SELECT md5(i::VARCHAR) AS text, i % 3 AS label FROM range(300000) r(i)"),
                DataFixtures.write(data, "c.csv", "text,label\na,1\n"),
                DataFixtures.write(data, "d.csv", "text,label\na,1\nb\n"));
        List<String> before = DataFixtures.listing(data);

        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-cp",
                absolute(System.getProperty("java.class.path")),
                Reading.class.getName()));
        files.forEach(file -> command.add(file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(working.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(output).lines()).containsExactly("200000", "300000", "1", "refused");
        assertThat(DataFixtures.listing(working)).isEmpty();
        assertThat(DataFixtures.listing(home)).isEmpty();
        assertThat(DataFixtures.listing(data)).isEqualTo(before);
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
