package org.layerwise.base.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.data.file.DuckDbServer;

class OwnCommandTest {

    @Test
    void fromTheClassPathItIsJavaWithTheSameOptions() {
        assertThat(OwnCommand.command(
                        null,
                        "/jdk/bin/java",
                        List.of(
                                "-Xmx3g",
                                "-XX:ArchiveClassesAtExit=x.jsa",
                                "-agentlib:jdwp=transport",
                                "-Xlog:gc",
                                "-Xlog:disable",
                                "-Da=b"),
                        "a.jar:b.jar"))
                .containsExactly(
                        "/jdk/bin/java", "-Xmx3g", "-Xlog:disable", "-Da=b", "-cp", "a.jar:b.jar", OwnCommand.MAIN);
        assertThatCode(() -> Class.forName(OwnCommand.MAIN)).doesNotThrowAnyException();
    }

    @Test
    void fromAPackageItIsTheLauncher() {
        assertThat(OwnCommand.command("/opt/layerwise/bin/layerwise", "java", List.of("-Xmx3g"), "x"))
                .containsExactly("/opt/layerwise/bin/layerwise");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCrashOfBriefWorkLeavesNoFile(@TempDir Path folder) throws IOException, InterruptedException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = OwnCommand.briefCommand(OwnCommand.command(null, java, List.of(), classPath));
        Process process = OwnCommand.process(command, List.of(DuckDbServer.ARGUMENT))
                .directory(folder.toFile())
                .start();
        // the answer to a request to close shows that Java has started, and handles signals
        process.getOutputStream().write(5);
        process.getOutputStream().flush();
        process.getInputStream().read();

        new ProcessBuilder("kill", "-SEGV", String.valueOf(process.pid()))
                .start()
                .waitFor();

        assertThat(process.waitFor()).isGreaterThan(128);
        assertThat(folder).isEmptyDirectory();
    }
}
