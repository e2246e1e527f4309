package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {

    @Test
    void whatIsPlainStaysAsItIs() {
        assertThat(ShellWord.of(Path.of("/runs/a_b-1.0"))).isEqualTo("/runs/a_b-1.0");
        assertThat(ShellWord.of("key=value")).isEqualTo("key=value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my runs", "it's", "$HOME", "a;b", "~", "*", "", "=x", "\"q\"", "a\\b", "a\nb", "söhne"})
    void aShellReadsItAsOneWord(String word) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell");
        Process shell = new ProcessBuilder("/bin/sh", "-c", "printf %s. " + ShellWord.of(word)).start();
        String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(read).isEqualTo(word + ".");
    }
}
