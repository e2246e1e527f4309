package org.layerwise.chart.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColourScaleTest {

    private static final ColourScale VIRIDIS = ColourScale.similarities();

    @Test
    void hasMatplotlibsColours() {
        // matplotlib.colormaps["viridis"](x, bytes=True), rounded instead of cut
        assertThat(at(VIRIDIS, 0)).isEqualTo(new Color(68, 1, 84));
        assertThat(at(VIRIDIS, 0.25)).isEqualTo(new Color(59, 82, 139));
        assertThat(at(VIRIDIS, 0.5)).isEqualTo(new Color(33, 145, 140));
        assertThat(at(VIRIDIS, 0.75)).isEqualTo(new Color(94, 201, 98));
        assertThat(at(VIRIDIS, 1)).isEqualTo(new Color(253, 231, 37));
        ColourScale cividis = new ColourScale(ColourMap.CIVIDIS, 0, 1);
        assertThat(at(cividis, 0)).isEqualTo(new Color(0, 34, 78));
        assertThat(at(cividis, 0.5)).isEqualTo(new Color(125, 124, 120));
        assertThat(at(cividis, 1)).isEqualTo(new Color(254, 232, 56));
    }

    @Test
    void coversAnyRangeAndMore() {
        ColourScale wide = new ColourScale(ColourMap.VIRIDIS, -2, 2);

        assertThat(at(wide, 0)).isEqualTo(at(VIRIDIS, 0.5));
        assertThat(at(wide, -9)).isEqualTo(at(wide, -2));
        assertThat(at(wide, 9)).isEqualTo(at(wide, 2));
        assertThatThrownBy(() -> new ColourScale(ColourMap.VIRIDIS, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ColourScale(ColourMap.DIVERGING, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColourMap.class,
            names = {"VIRIDIS", "CIVIDIS", "GREY"})
    void growsLighterWithEveryStep(ColourMap map) {
        ColourScale scale = new ColourScale(map, 0, 1);
        double before = -1;
        for (double value = 0; value <= 1; value += 1 / 64.0) {
            double lightness = OkLab.of(at(scale, value)).lightness();
            assertThat(lightness).isGreaterThan(before);
            before = lightness;
        }
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void differencesAreEquallyStrongOnBothSidesAndNothingIsNearTheBackground(ChartTheme theme) {
        ColourScale scale = ColourScale.differences(0.4);
        OkLab canvas = OkLab.of(theme.canvas());
        double before = Math.abs(OkLab.of(scale.colour(0, theme)).lightness() - canvas.lightness());
        assertThat(before).as("nothing").isLessThan(0.1);
        for (double size = 0.02; size <= 0.4; size += 0.02) {
            OkLab negative = OkLab.of(scale.colour(-size, theme));
            OkLab positive = OkLab.of(scale.colour(size, theme));
            assertThat(negative.lightness()).isCloseTo(positive.lightness(), within(0.02));
            double away = Math.abs(positive.lightness() - canvas.lightness());
            assertThat(away).isGreaterThan(before);
            before = away;
            assertThat(negative.b()).as("blue").isLessThan(positive.b());
            assertThat(positive.a()).as("red").isGreaterThan(negative.a());
        }
        assertThat(before).as("the ends stand out").isGreaterThan(0.4);
    }

    @Test
    void coloursComeBackFromOklab() {
        for (Color colour : new Color[] {Color.WHITE, Color.BLACK, Color.RED, new Color(12, 200, 99)}) {
            assertThat(OkLab.of(colour).colour()).isEqualTo(colour);
        }
        // Ottosson's own example: pure white has lightness 1 and no colour
        assertThat(OkLab.of(Color.WHITE).lightness()).isCloseTo(1, within(1e-6));
        assertThat(OkLab.of(Color.WHITE).a()).isCloseTo(0, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void numbersInCellsCanBeRead(ChartTheme theme) {
        for (ColourMap map : ColourMap.values()) {
            ColourScale scale = new ColourScale(map, -1, 1);
            for (double value = -1; value <= 1; value += 0.05) {
                assertThat(contrast(scale.colour(value, theme), scale.ink(value, theme)))
                        .as("%s at %s", map, value)
                        .isGreaterThan(3.5);
            }
        }
    }

    private static Color at(ColourScale scale, double value) {
        return scale.colour(value, ChartTheme.LIGHT);
    }

    /** As WCAG 2 defines it. */
    private static double contrast(Color one, Color other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static double luminance(Color colour) {
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
