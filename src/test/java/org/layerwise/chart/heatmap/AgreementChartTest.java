package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.entity.ChartEntity;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.Drawn;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourScale;

class AgreementChartTest {

    private static final List<String> LABELS = List.of("CKA", "RBF CKA", "gradient norm");
    private static final double[][] VALUES = {{1, 0.5, -0.25}, {0.5, 1, Double.NaN}, {-0.25, Double.NaN, 1}};

    @Test
    void theFirstPairIsAtTheTopLeftAndValuesStandInTheCells() {
        AgreementChart chart = new AgreementChart(LABELS, VALUES, "Kendall's tau", ChartStyle.light());
        Drawn drawn = new Drawn(chart.chart(), chart.exportSize(), 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = new HashMap<>();
        drawn.entities().forEach(entity -> HeatmapChart.pairOf(entity).ifPresent(pair -> cells.put(pair, entity)));

        assertThat(cells).hasSize(9);
        ChartEntity first = cells.get(new HeatmapChart.Pair(0, 0));
        ChartEntity below = cells.get(new HeatmapChart.Pair(1, 0));
        assertThat(below.getArea().getBounds2D().getY())
                .isGreaterThan(first.getArea().getBounds2D().getY());
        ColourScale scale = ColourScale.differences(1);
        assertThat(drawn.colours(below))
                .contains(scale.colour(0.5, ChartTheme.LIGHT))
                .hasSizeGreaterThan(1);
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(1, 2)))).contains(ChartTheme.LIGHT.undefined());
        assertThat(below.getToolTipText()).isEqualTo("RBF CKA and CKA   Kendall's tau 0.5");
        assertThat(cells.get(new HeatmapChart.Pair(1, 2)).getToolTipText())
                .isEqualTo("RBF CKA and gradient norm   Kendall's tau undefined");
    }

    @Test
    void refusesATableOfAnotherSize() {
        assertThatThrownBy(() -> new AgreementChart(List.of("CKA"), VALUES, "tau", ChartStyle.light()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void signedValuesHaveATrueMinusAndNoNegativeNothing() {
        assertThat(ChartNumbers.hundredths(-0.306)).isEqualTo("−0.31");
        assertThat(ChartNumbers.hundredths(-0.001)).isEqualTo("0.00");
        assertThat(ChartNumbers.percent(0.9996)).isEqualTo("100 %");
        assertThat(ChartNumbers.percent(0.996)).isEqualTo("99.6 %");
        assertThat(ChartNumbers.percent(0.004)).isEqualTo("0.4 %");
        assertThat(ChartNumbers.percent(0.1)).isEqualTo("10 %");
        assertThat(ChartNumbers.percent(0)).isEqualTo("0 %");
    }
}
