package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
