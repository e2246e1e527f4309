package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowBoundsTest {

    @ParameterizedTest
    @CsvSource({
        "1024, 1024", // a screen that is too small is filled
        "1280, 1280",
        "1600, 1280",
        "1920, 1440",
        "3840, 2000",
    })
    void theFirstWindowSuitsTheScreen(double screen, double width) {
        assertThat(WindowBounds.usual(screen, 1280, 2000)).isEqualTo(width);
    }
}
