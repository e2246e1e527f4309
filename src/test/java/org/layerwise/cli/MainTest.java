package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.layerwise.cli.console.ExitCode;

class MainTest {

    @Test
    void nothingOrAStudyFileOpensTheWindow() {
        assertThat(Main.opensWindow()).isTrue();
        assertThat(Main.opensWindow("my study.layerwise")).isTrue();
        assertThat(Main.opensWindow("/home/me/A.LAYERWISE")).isTrue();
    }

    @Test
    void anythingElseIsTheCommandLine() {
        assertThat(Main.opensWindow("demo")).isFalse();
        assertThat(Main.opensWindow("--version")).isFalse();
        assertThat(Main.opensWindow("inspect", "my study.layerwise")).isFalse();
        assertThat(Main.opensWindow("layerwise")).isFalse();
    }

    /** Without a library that all commands need, as where the system lets the program open no more files. */
    @Test
    void anErrorThatEscapesEndsTheProcess() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String without = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.contains("slf4j-api"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        without,
                        Main.class.getName(),
                        "--version")
                .redirectErrorStream(true)
                .start();

        boolean ended = process.waitFor(30, TimeUnit.SECONDS);

        process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the streams
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERNAL);
        assertThat(process.inputReader().lines())
                .containsExactly(
                        "layerwise: an error that should not happen (java.lang.NoClassDefFoundError: org/slf4j/LoggerFactory).");
    }

    @Test
    void whenFilesAreUsedUpNoClassIsNamed() {
        Error failure = new NoClassDefFoundError("org/layerwise/cli/NativeLibraries");
        failure.initCause(new IOException("Too many open files"));
        assertThat(Main.fatalMessage(failure))
                .isEqualTo("no more files can be opened; raise the limit, for example with ulimit -n 4096.");
    }
}
