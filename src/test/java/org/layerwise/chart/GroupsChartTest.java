package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.jfree.data.xy.IntervalXYDataset;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.style.ChartStyle;

class GroupsChartTest {

    @Test
    void everyValueIsARingAndTheMeanHasItsInterval() {
        GroupsChart chart = GroupsChart.along("Parameters", ChartSamples.groups(), "Accuracy", ChartStyle.light());
        XYPlot plot = chart.chart().getXYPlot();
        XYDataset rings = plot.getDataset(0);
        IntervalXYDataset means = (IntervalXYDataset) plot.getDataset(1);

        assertThat(rings.getSeriesCount()).isEqualTo(4);
        assertThat(rings.getItemCount(0)).isEqualTo(3);
        assertThat(rings.getYValue(0, 1)).isEqualTo(0.84);
        assertThat(means.getYValue(1, 0)).isEqualTo(0.81);
        assertThat(means.getStartYValue(1, 0)).isEqualTo(0.78);
        assertThat(means.getEndYValue(1, 0)).isEqualTo(0.85);
        assertThat(means.getStartYValue(3, 0)).as("no interval").isEqualTo(0.79);
        assertThat(plot.getRangeAxis().getRange().contains(0.69)).isTrue();
        assertThat(plot.getRangeAxis().getRange().contains(0.86)).isTrue();
    }

    /** As in an experiment whose first run has just ended. */
    @Test
    void aSingleValueHasARangeInProportion() {
        List<GroupsChart.Group> groups = List.of(new GroupsChart.Group("all", 663_552, List.of(0.125), 0.125, null));
        Range range = GroupsChart.along("Parameters", groups, "Accuracy", ChartStyle.light())
                .chart()
                .getXYPlot()
                .getRangeAxis()
                .getRange();

        assertThat(range.getLowerBound()).isCloseTo(0.1125, within(1e-6));
        assertThat(range.getUpperBound()).isCloseTo(0.1375, within(1e-6));
    }

    @Test
    void groupsAtOnePlaceAreDrawnApart() {
        GroupsChart chart = GroupsChart.along("Parameters", ChartSamples.groups(), "Accuracy", ChartStyle.light());
        XYDataset means = chart.chart().getXYPlot().getDataset(1);

        assertThat(means.getXValue(0, 0)).isEqualTo(663_552);
        assertThat(means.getXValue(1, 0)).isLessThan(means.getXValue(2, 0));
        assertThat(means.getXValue(2, 0)).isCloseTo(331_776, within(1e-6)).isLessThan(means.getXValue(3, 0));
        assertThat(chart.chart().getXYPlot().getDomainAxis().getRange().getLowerBound())
                .isZero();
    }

    /** Ranks that are spread within a budget come to nearly as many parameters as half of the layers. */
    @Test
    void groupsAtNearlyOnePlaceAreDrawnApart() {
        List<GroupsChart.Group> groups = List.of(
                new GroupsChart.Group("all", 663_552, List.of(), 0.8, null),
                new GroupsChart.Group("random", 331_776, List.of(), 0.7, null),
                new GroupsChart.Group("spread", 331_392, List.of(), 0.7, null),
                new GroupsChart.Group("third", 221_184, List.of(), 0.7, null));
        XYDataset means = GroupsChart.along("Parameters", groups, "Accuracy", ChartStyle.light())
                .chart()
                .getXYPlot()
                .getDataset(1);

        assertThat(means.getXValue(2, 0) - means.getXValue(1, 0)).isGreaterThan(0.02 * 663_552);
        assertThat(means.getXValue(3, 0)).isEqualTo(221_184);
    }

    /** Modules of one type in all layers have a little more parameters than many halves of the layers have. */
    @Test
    void noTwoGroupsAreDrawnOnEachOther() {
        List<GroupsChart.Group> groups = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            groups.add(new GroupsChart.Group("half " + i, 331_776, List.of(), 0.7, null));
        }
        groups.add(new GroupsChart.Group("all", 663_552, List.of(), 0.8, null));
        groups.add(new GroupsChart.Group("MLP", 368_640, List.of(), 0.8, null));
        XYDataset means = GroupsChart.along("Parameters", groups, "Accuracy", ChartStyle.light())
                .chart()
                .getXYPlot()
                .getDataset(1);

        double[] places = IntStream.range(0, groups.size())
                .mapToDouble(group -> means.getXValue(group, 0))
                .toArray();
        assertThat(places[14]).as("right of all halves").isGreaterThan(places[12]);
        assertThat(places[13]).isEqualTo(663_552);
        Arrays.sort(places);
        for (int i = 1; i < places.length; i++) {
            assertThat(places[i] - places[i - 1]).isGreaterThan(0.0299 * 663_552);
        }
    }
}
