package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.IntervalXYDataset;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;

class IntervalsChartTest {

    private static IntervalsChart chart(List<IntervalsChart.Line> lines) {
        return new IntervalsChart(
                List.of("from all", "from random"), lines, "Accuracy", "95 % interval", 0.0, ChartStyle.light());
    }

    @Test
    void everyMarkIsADotWithItsInterval() {
        XYPlot plot = chart(ChartSamples.lines()).chart().getXYPlot();
        IntervalXYDataset dots = (IntervalXYDataset) plot.getDataset(1);
        XYDataset rings = plot.getDataset(0);

        assertThat(dots.getItemCount(0)).isEqualTo(3);
        assertThat(dots.getItemCount(1)).as("the first line has no second mark").isEqualTo(2);
        assertThat(dots.getStartYValue(0, 1)).isEqualTo(-0.035);
        assertThat(dots.getEndYValue(0, 1)).isEqualTo(-0.005);
        assertThat(dots.getStartYValue(0, 2)).as("no interval").isEqualTo(0.005);
        assertThat(dots.getXValue(1, 0) - dots.getXValue(0, 1))
                .as("the marks of a line are below each other")
                .isCloseTo(0.3, within(1e-12));
        assertThat(rings.getItemCount(0)).isEqualTo(2);
        assertThat(plot.getDomainAxis().isInverted())
                .as("the first line is at the top")
                .isTrue();
        assertThat(plot.getRangeMarkers(Layer.FOREGROUND)).singleElement().satisfies(marker -> assertThat(
                        ((ValueMarker) marker).getValue())
                .isZero());
        assertThat(plot.getRangeAxis().getRange().contains(-0.035)).isTrue();
    }

    /** The longest name and the plot beside it both have room. */
    @Test
    void namesHaveTheRoomThatTheyNeed() {
        IntervalsChart chart = chart(ChartSamples.lines());
        ChartSize size = chart.exportSize();
        BufferedImage image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        ChartRenderingInfo info = new ChartRenderingInfo();
        chart.chart().draw(graphics, new Rectangle2D.Double(0, 0, size.width(), size.height()), info);
        Rectangle2D plot = info.getPlotInfo().getDataArea();
        double longest = graphics.getFontMetrics(ChartStyle.light().texts())
                .stringWidth(ChartSamples.lines().get(1).name());
        graphics.dispose();

        assertThat(plot.getX()).isGreaterThan(longest);
        assertThat(plot.getWidth()).isGreaterThan(150);
        assertThat(plot.getHeight() / 3).as("height of a line").isGreaterThan(18);
    }

    @Test
    void moreLinesMakeAHigherFigure() {
        assertThat(chart(ChartSamples.lines()).exportSize().height())
                .isGreaterThan(
                        chart(ChartSamples.lines().subList(0, 1)).exportSize().height() + 40);
    }
}
