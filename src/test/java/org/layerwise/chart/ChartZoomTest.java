package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.heatmap.AgreementChart;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.HeatmapRenderer;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;

class ChartZoomTest {

    private final CurveChart curves = new CurveChart("Loss", ChartStyle.light());

    @Test
    void theWheelKeepsThePlaceUnderThePointerAndEndsWhereItBegan() {
        curves.append("run", ChartSamples.losses(1000, 3));
        XYPlot plot = curves.chart().getXYPlot();
        Range steps = plot.getDomainAxis().getRange();
        Range losses = plot.getRangeAxis().getRange();
        Rectangle2D area = area(curves.chart());
        ChartZoom zoom = new ChartZoom(curves.chart());
        double x = area.getX() + area.getWidth() * 0.25;
        double before = plot.getDomainAxis().java2DToValue(x, area, plot.getDomainAxisEdge());

        assertThat(zoom.zoomed()).isFalse();
        zoom.by(0.5, x, area.getCenterY(), area);
        assertThat(zoom.zoomed()).isTrue();
        assertThat(plot.getDomainAxis().getRange().getLength()).isCloseTo(steps.getLength() / 2, within(1e-6));
        assertThat(plot.getDomainAxis().java2DToValue(x, area, plot.getDomainAxisEdge()))
                .isCloseTo(before, within(1e-6));
        curves.append("run", ChartSamples.losses(2000, 3).subList(1000, 2000));
        assertThat(plot.getDomainAxis().getRange().getLength())
                .as("new points do not take the part away that is looked at")
                .isCloseTo(steps.getLength() / 2, within(1e-6));
        zoom.by(2.5, x, area.getCenterY(), area);
        assertThat(zoom.zoomed()).isFalse();
        assertThat(plot.getRangeAxis().getRange()).isEqualTo(losses);
        assertThat(plot.getDomainAxis().getRange().getUpperBound())
                .as("it follows the points again")
                .isGreaterThan(2000);
    }

    @Test
    void aBoxIsShownAndTakenBack() {
        curves.append("run", ChartSamples.losses(1000, 3));
        XYPlot plot = curves.chart().getXYPlot();
        Range losses = plot.getRangeAxis().getRange();
        Rectangle2D area = area(curves.chart());
        ChartZoom zoom = new ChartZoom(curves.chart());
        double left = plot.getDomainAxis().valueToJava2D(200, area, plot.getDomainAxisEdge());
        double right = plot.getDomainAxis().valueToJava2D(400, area, plot.getDomainAxisEdge());

        zoom.into(new Rectangle2D.Double(left, area.getY() + 20, right - left, 3), 10, area);
        assertThat(plot.getDomainAxis().getLowerBound()).isCloseTo(200, within(1e-6));
        assertThat(plot.getDomainAxis().getUpperBound()).isCloseTo(400, within(1e-6));
        assertThat(plot.getRangeAxis().getRange()).as("a flat box").isEqualTo(losses);
        zoom.move(0.5, 0);
        assertThat(plot.getDomainAxis().getLowerBound()).isCloseTo(300, within(1e-6));
        zoom.move(100, 0);
        assertThat(plot.getDomainAxis().getRange().getLength()).isCloseTo(200, within(1e-6));
        assertThat(plot.getDomainAxis().getUpperBound()).isLessThan(1100);
        CurveChart again = curves.copy(ChartStyle.dark());
        zoom.copyTo(again.chart());
        assertThat(again.chart().getXYPlot().getDomainAxis().getRange())
                .isEqualTo(plot.getDomainAxis().getRange());
        zoom.reset();
        assertThat(zoom.zoomed()).isFalse();
        assertThat(plot.getDomainAxis().getLowerBound()).isLessThan(1.1);
    }

    @Test
    void aHeatmapShowsWholeCells() {
        HeatmapChart heatmap = ChartSamples.heatmap(ChartSamples.matrix(24), "CKA", ChartStyle.light());
        ChartZoom zoom = new ChartZoom(heatmap.chart());
        Rectangle2D area = area(heatmap.chart());
        assertThat(zoom.possible()).isTrue();
        assertThat(zoom.framed()).as("a drag selects layers there").isFalse();
        XYPlot plot = heatmap.chart().getXYPlot();
        Range all = plot.getDomainAxis().getRange();
        for (int step = 0; step < 30; step++) {
            zoom.by(0.8, area.getMaxX() - 5, area.getMaxY() - 5, area);
            Range now = plot.getDomainAxis().getRange();
            assertThat(now.getLength()).isEqualTo(Math.rint(now.getLength()));
            assertThat(now.getLowerBound() + 0.5).isEqualTo(Math.rint(now.getLowerBound() + 0.5));
            assertThat(now.getUpperBound()).isEqualTo(24.5);
            assertThat(plot.getRangeAxis().getLowerBound()).as("below").isEqualTo(-0.5);
        }
        assertThat(plot.getDomainAxis().getRange().getLength()).isEqualTo(2);
        assertThat(new Drawn(heatmap.chart(), heatmap.exportSize(), 1)
                        .entities().stream()
                                .filter(HeatmapRenderer.CellEntity.class::isInstance)
                                .map(entity -> HeatmapChart.pairOf(entity).orElseThrow()))
                .containsExactlyInAnyOrder(
                        new HeatmapChart.Pair(0, 23),
                        new HeatmapChart.Pair(0, 24),
                        new HeatmapChart.Pair(1, 23),
                        new HeatmapChart.Pair(1, 24));
        zoom.move(-1, 0);
        assertThat(plot.getDomainAxis().getUpperBound()).isEqualTo(22.5);
        for (int step = 0; step < 40; step++) {
            zoom.by(1.25, area.getMaxX() - 5, area.getMaxY() - 5, area);
        }
        assertThat(zoom.zoomed()).isFalse();
        assertThat(plot.getDomainAxis().getRange()).isEqualTo(all);
    }

    @Test
    void aRankingIsZoomedAlongItsValues() {
        RankingChart ranking = ChartSamples.ranking(ChartSamples.importance(12), ChartStyle.light());
        Rectangle2D area = area(ranking.chart());
        CategoryPlot plot = ranking.chart().getCategoryPlot();
        Range all = plot.getRangeAxis().getRange();
        ChartZoom zoom = new ChartZoom(ranking.chart());
        zoom.into(new Rectangle2D.Double(area.getX() + 40, area.getY(), 80, 100), 10, area);
        Range part = plot.getRangeAxis().getRange();
        area(ranking.chart());
        assertThat(plot.getRangeAxis().getRange()).as("drawing keeps it").isEqualTo(part);
        assertThat(part.getLength()).isLessThan(all.getLength() / 2);
        zoom.reset();
        area(ranking.chart());
        assertThat(plot.getRangeAxis().getRange()).isEqualTo(all);
    }

    @Test
    void namesHaveNothingToLookCloserAt() {
        double[][] values = {{1, 0.5}, {0.5, 1}};
        ChartZoom zoom =
                new ChartZoom(new AgreementChart(List.of("a", "b"), values, "tau", ChartStyle.light()).chart());
        assertThat(zoom.possible()).isFalse();
        zoom.by(0.5, 10, 10, new Rectangle2D.Double(0, 0, 100, 100));
        assertThat(zoom.zoomed()).isFalse();
    }

    /** Draws a chart and says where its values are. */
    private static Rectangle2D area(JFreeChart chart) {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        ChartRenderingInfo info = new ChartRenderingInfo();
        Graphics2D pen = image.createGraphics();
        chart.draw(pen, new Rectangle2D.Double(0, 0, 640, 480), info);
        pen.dispose();
        return info.getPlotInfo().getDataArea();
    }
}
