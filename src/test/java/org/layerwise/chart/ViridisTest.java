package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ViridisTest {

    @Test
    void hasMatplotlibsColours() {
        Viridis viridis = new Viridis(0, 1);

        // matplotlib.colormaps["viridis"](x, bytes=True), rounded instead of cut
        assertThat(viridis.colour(0)).isEqualTo(new Color(68, 1, 84));
        assertThat(viridis.colour(0.25)).isEqualTo(new Color(59, 82, 139));
        assertThat(viridis.colour(0.5)).isEqualTo(new Color(33, 145, 140));
        assertThat(viridis.colour(0.75)).isEqualTo(new Color(94, 201, 98));
        assertThat(viridis.colour(1)).isEqualTo(new Color(253, 231, 37));
    }

    @Test
    void coversAnyRangeAndMore() {
        Viridis viridis = new Viridis(-2, 2);

        assertThat(viridis.colour(0)).isEqualTo(new Viridis(0, 1).colour(0.5));
        assertThat(viridis.colour(-9)).isEqualTo(viridis.colour(-2));
        assertThat(viridis.colour(9)).isEqualTo(viridis.colour(2));
        assertThatThrownBy(() -> new Viridis(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
