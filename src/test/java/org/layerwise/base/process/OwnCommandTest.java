package org.layerwise.base.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

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
                                "-Da=b"),
                        "a.jar:b.jar"))
                .containsExactly("/jdk/bin/java", "-Xmx3g", "-Da=b", "-cp", "a.jar:b.jar", OwnCommand.MAIN);
        assertThatCode(() -> Class.forName(OwnCommand.MAIN)).doesNotThrowAnyException();
    }

    @Test
    void fromAPackageItIsTheLauncher() {
        assertThat(OwnCommand.command("/opt/layerwise/bin/layerwise", "java", List.of("-Xmx3g"), "x"))
                .containsExactly("/opt/layerwise/bin/layerwise");
    }
}
