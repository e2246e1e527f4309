package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.gui.common.ExportOptions.Format;

class ExportOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "29, 100, 300, 9",
        "1001, 100, 300, 9",
        "100, 29, 300, 9",
        "100, 1001, 300, 9",
        "100, 100, 71, 9",
        "100, 100, 601, 9",
        "100, 100, 300, 4.9",
        "100, 100, 300, 24.1",
        "100, 100, 300, NaN"
    })
    void limitsAreKept(int width, int height, int dpi, double points) {
        assertThatThrownBy(() -> new ExportOptions(Format.PNG, width, height, dpi, false, false, points, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not between");
    }

    @Test
    void theEndsOfTheLimitsAreAllowed() {
        ExportOptions least = new ExportOptions(Format.PNG, 30, 30, 72, false, false, 5, false);
        assertThat(least.mistake()).isEmpty();
        assertThat(least.paper().dotsAcross()).isEqualTo(85);
        ExportOptions most = new ExportOptions(Format.PNG, 1000, 1000, 600, true, true, 24, true);
        assertThat(most.mistake()).get().asString().contains("too large").contains("23,622");
        assertThat(most.as(Format.SVG).mistake()).as("has no dots").isEmpty();
        assertThat(most.look().theme()).isEqualTo(ChartTheme.DARK);
        assertThat(most.look().transparent()).isTrue();
        assertThat(most.look().titled()).isTrue();
    }

    @Test
    void aSizeIsMovedWithinTheLimits() {
        ExportOptions moved = ExportOptions.png(100, 100, 300, false).sized(5, 5000);
        assertThat(moved.width()).isEqualTo(30);
        assertThat(moved.height()).isEqualTo(1000);
        assertThat(moved.format().ending()).isEqualTo(".png");
    }
}
