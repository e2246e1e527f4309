package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.study.TinyStudy;

/** Loads ND4J, whose start takes most of a second, only for the intervals of CKA. */
class HostAlgebraLoadingTest {

    @TempDir
    private Path folder;

    @Test
    void anAnalysisWithoutIntervalsDoesNotLoadNd4j() throws IOException, InterruptedException {
        assertThat(loadedClasses("--bootstrap", "0")).isNotEmpty().noneMatch(HostAlgebraLoadingTest::isNd4j);
    }

    @Test
    void anAnalysisWithIntervalsLoadsNd4j() throws IOException, InterruptedException {
        assertThat(loadedClasses("--bootstrap", "20")).anyMatch(HostAlgebraLoadingTest::isNd4j);
    }

    private static boolean isNd4j(String line) {
        return line.contains(" org.nd4j.");
    }

    /** Returns the lines of the JVM's log of loaded classes. */
    private List<String> loadedClasses(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-Xmx512m",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "analyze",
                "--model",
                TinyStudy.MODEL,
                "--data",
                TinyStudy.classes(folder).toString(),
                "--out",
                folder.resolve("out").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())))
                .isZero();
        return lines;
    }
}
