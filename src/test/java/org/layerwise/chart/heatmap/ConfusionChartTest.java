package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jfree.chart.entity.ChartEntity;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.Drawn;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;

class ConfusionChartTest {

    private static final List<String> NAMES = List.of("negative", "neutral, mixed", "positive");
    private static final long[][] COUNTS = {{30, 10, 0}, {0, 0, 0}, {5, 5, 40}};
    private static final ChartSize SIZE = new ChartSize(600, 500);

    @Test
    void labelsRunDownwardsAndCellsHaveTheColourOfTheirShareOfTheLabel() {
        ConfusionChart chart = new ConfusionChart(NAMES, COUNTS, ChartStyle.light());
        Drawn drawn = new Drawn(chart.chart(), chart.exportSize(), 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(cells).hasSize(9);
        ChartEntity first = cells.get(new HeatmapChart.Pair(0, 0));
        ChartEntity last = cells.get(new HeatmapChart.Pair(2, 2));
        assertThat(last.getArea().getBounds2D().getY())
                .isGreaterThan(first.getArea().getBounds2D().getY());
        ColourScale shares = new ColourScale(ColourMap.VIRIDIS, 0, 1);
        assertThat(drawn.colours(first))
                .contains(shares.colour(0.75, ChartTheme.LIGHT))
                .hasSizeGreaterThan(1); // the number in the cell
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(1, 1)))).contains(ChartTheme.LIGHT.undefined());
    }

    @Test
    void aCellSaysItsNumberOfRowsAndTheirShare() {
        Map<HeatmapChart.Pair, ChartEntity> cells =
                cells(new Drawn(new ConfusionChart(NAMES, COUNTS, ChartStyle.light()).chart(), SIZE, 1));

        assertThat(cells.get(new HeatmapChart.Pair(0, 1)).getToolTipText())
                .isEqualTo("Label negative, predicted neutral, mixed   10 of 40 rows, 25 %");
        assertThat(cells.get(new HeatmapChart.Pair(1, 0)).getToolTipText())
                .isEqualTo("Label neutral, mixed, predicted negative   no rows");
    }

    @Test
    void manyClassesStillFit() {
        int classes = 150;
        List<String> names = IntStream.range(0, classes)
                .mapToObj(k -> "intent with a rather long name " + k)
                .toList();

        Drawn drawn =
                new Drawn(new ConfusionChart(names, new long[classes][classes], ChartStyle.light()).chart(), SIZE, 1);

        double side = cells(drawn)
                .get(new HeatmapChart.Pair(0, 0))
                .getArea()
                .getBounds2D()
                .getWidth();
        assertThat(side * classes).isGreaterThan(250);
    }

    @Test
    void theTableHasAllCounts() {
        assertThat(ConfusionChart.csv(NAMES, COUNTS))
                .isEqualTo(
                        """
                label,negative,"neutral, mixed",positive
                negative,30,10,0
                "neutral, mixed",0,0,0
                positive,5,5,40
                """);
    }

    @Test
    void refusesCountsOfAnotherNumberOfClasses() {
        assertThatThrownBy(() -> new ConfusionChart(List.of("one"), COUNTS, ChartStyle.light()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Map<HeatmapChart.Pair, ChartEntity> cells(Drawn drawn) {
        Map<HeatmapChart.Pair, ChartEntity> cells = new HashMap<>();
        drawn.entities().forEach(entity -> HeatmapChart.pairOf(entity).ifPresent(pair -> cells.put(pair, entity)));
        return cells;
    }
}
