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

    @ParameterizedTest
    @CsvSource({
        "960, 1280, true", // the window manager has ignored the first size
        "1280, 1280, false",
        "1100, 1280, false", // the user was faster
        "960, 960, false",
    })
    void onlyAWindowOfTheLeastSizeGetsItsSizeAgain(double now, double wanted, boolean again) {
        assertThat(WindowBounds.isLeast(now, 960, wanted)).isEqualTo(again);
    }
}
