package org.layerwise.base.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessRunnerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void itsWordsAreHeard() {
        assertThat(ProcessRunner.output(List.of(JAVA, "--version"), PATIENCE))
                .hasValueSatisfying(said -> assertThat(said).contains(System.getProperty("java.version")));
    }

    @Test
    void oneThatFailsOrIsNotThereSaysNothing() {
        assertThat(ProcessRunner.output(List.of(JAVA, "--no-such-option"), PATIENCE))
                .isEmpty();
        assertThat(ProcessRunner.output(List.of("no-such-program-anywhere"), PATIENCE))
                .isEmpty();
    }

    @Test
    void oneThatTakesLongerIsEnded() {
        assertThat(ProcessRunner.output(List.of(JAVA, "--version"), Duration.ofMillis(1)))
                .isEmpty();
    }
}
