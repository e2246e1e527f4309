package org.layerwise.chart.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.ChartSamples;
import org.layerwise.chart.Drawn;
import org.layerwise.chart.axis.MagnitudeAxis;
import org.layerwise.chart.axis.TimeAxis;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;

class CurveChartTest {

    private final CurveChart curves = new CurveChart("Loss", ChartStyle.light());
    private final AtomicInteger redrawn = new AtomicInteger();

    @BeforeEach
    void count() {
        curves.chart().addChangeListener(event -> redrawn.incrementAndGet());
    }

    @Test
    void smoothsAsTensorBoardDoes() {
        Smoothing smoothing = new Smoothing(0.5);

        assertThat(smoothing.next(4)).isEqualTo(4);
        assertThat(smoothing.next(1)).isCloseTo((0.25 * 4 + 0.5 * 1) / 0.75, within(1e-12));
        assertThat(smoothing.next(2)).isCloseTo((0.125 * 4 + 0.25 * 1 + 0.5 * 2) / 0.875, within(1e-12));
        assertThatThrownBy(() -> new Smoothing(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyPointsAreOneRedraw() {
        curves.append("run", ChartSamples.losses(500, 1));
        assertThat(redrawn).hasValue(1);
        curves.appendEvaluation("run", new CurveChart.Point(500, 0.4));
        assertThat(redrawn).hasValue(2);
        curves.restyle(ChartStyle.dark());
        assertThat(redrawn).hasValue(3);
        curves.smooth(0.5);
        assertThat(redrawn).hasValue(4);
    }

    @Test
    void keepsRunsApart() {
        curves.append("a", List.of(new CurveChart.Point(1, 2), new CurveChart.Point(2, 1)));
        curves.append("b", List.of(new CurveChart.Point(1, 5)));
        curves.append("a", List.of(new CurveChart.Point(3, 0.5)));

        XYDataset raw = plot().getDataset(0);
        assertThat(raw.getSeriesCount()).isEqualTo(2);
        assertThat(raw.getItemCount(0)).isEqualTo(3);
        assertThat(raw.getYValue(0, 2)).isEqualTo(0.5);
        assertThat(plot().getLegendItems()).isNotNull();
        assertThat(raw.getYValue(1, 0)).isEqualTo(5);
    }

    @Test
    void aLossThatIsNoNumberLeavesAGap() {
        curves.append(
                "run",
                List.of(
                        new CurveChart.Point(1, 2),
                        new CurveChart.Point(2, Double.POSITIVE_INFINITY),
                        new CurveChart.Point(3, Double.NaN),
                        new CurveChart.Point(4, 2)));
        new Drawn(curves.chart(), curves.exportSize(), 1);

        assertThat(plot().getDataset(0).getYValue(0, 1)).isNaN();
        XYDataset smooth = plot().getDataset(1);
        assertThat(smooth.getItemCount(0)).isEqualTo(2);
        assertThat(smooth.getYValue(0, 1)).isCloseTo(2, within(1e-12));
        assertThat(plot().getRangeAxis().getUpperBound()).isLessThan(3);
    }

    @Test
    void withoutSmoothingTheCurveIsRaw() {
        curves.append("run", ChartSamples.losses(50, 3));
        curves.smooth(0);

        for (int i = 0; i < 50; i++) {
            assertThat(plot().getDataset(1).getYValue(0, i))
                    .isEqualTo(plot().getDataset(0).getYValue(0, i));
        }
        curves.append("run", List.of(new CurveChart.Point(51, 7)));
        assertThat(plot().getDataset(1).getYValue(0, 50)).isEqualTo(7);
    }

    @Test
    void anEmptyChartAndASinglePointAreNoError() {
        new Drawn(curves.chart(), curves.exportSize(), 1);
        curves.append("run", List.of(new CurveChart.Point(1, 2)));
        new Drawn(curves.chart(), curves.exportSize(), 1);
    }

    @Test
    void drawsACurveInItsColour() {
        curves.append("run", List.of(new CurveChart.Point(0, 1), new CurveChart.Point(100, 1)));
        Drawn drawn = new Drawn(curves.chart(), curves.exportSize(), 2);

        assertThat(drawn.entities())
                .filteredOn(org.jfree.chart.entity.PlotEntity.class::isInstance)
                .anySatisfy(plot -> assertThat(drawn.colours(plot)).contains(ChartTheme.LIGHT.run(0)));
    }

    @Test
    void ofVeryManyPointsTheLowestAndHighestOfEachStretchAreDrawn() {
        List<CurveChart.Point> points = new ArrayList<>();
        for (int step = 1; step <= 100_000; step++) {
            points.add(new CurveChart.Point(step, step == 51_234 ? 9 : step == 70_001 ? -3 : Math.sin(step)));
        }
        curves.append("run", points);

        XYDataset raw = plot().getDataset(0);
        assertThat(raw.getItemCount(0))
                .isLessThanOrEqualTo(2 * CurveData.BUCKETS)
                .isGreaterThan(CurveData.BUCKETS);
        boolean highest = false;
        boolean lowest = false;
        for (int i = 0; i < raw.getItemCount(0); i++) {
            highest |= raw.getXValue(0, i) == 51_234 && raw.getYValue(0, i) == 9;
            lowest |= raw.getXValue(0, i) == 70_001 && raw.getYValue(0, i) == -3;
            assertThat(i == 0 || raw.getXValue(0, i) > raw.getXValue(0, i - 1)).isTrue();
        }
        assertThat(highest && lowest).isTrue();
        assertThat(curves.at(51_234.2))
                .extracting(reading -> reading.point().value())
                .containsExactly(9.0);
        assertThat(curves.csv().lines()).hasSize(100_001);
    }

    @Test
    void gapsAmongVeryManyPointsDoNotHideTheOthers() {
        List<CurveChart.Point> points = new ArrayList<>();
        for (int step = 0; step < 9_000; step++) {
            points.add(new CurveChart.Point(step, step % 3 == 0 || step < 600 ? Double.NaN : step));
        }
        curves.append("run", points);

        XYDataset raw = plot().getDataset(0);
        assertThat(raw.getYValue(0, 0)).isNaN();
        long known = IntStream.range(0, raw.getItemCount(0))
                .filter(i -> !Double.isNaN(raw.getYValue(0, i)))
                .count();
        assertThat(known).isEqualTo(2 * 1_400);
    }

    @Test
    void goesAlongTheTimeAndReadsWhatIsNearest() {
        curves.append("a", List.of(new CurveChart.Point(1, 10, 2), new CurveChart.Point(2, 30, 1)));
        curves.append("b", List.of(new CurveChart.Point(1, 5, 4)));
        curves.appendEvaluation("a", new CurveChart.Point(2, 30, 1.5));
        curves.along(CurveChart.Along.TIME);

        assertThat(plot().getDataset(0).getXValue(0, 1)).isEqualTo(30);
        assertThat(plot().getDomainAxis().getLabel()).isEqualTo("Time");
        assertThat(curves.at(19)).extracting(CurveChart.Reading::run).containsExactly("a", "b");
        assertThat(curves.at(21)).extracting(reading -> reading.point().value()).containsExactly(1.0, 1.5, 4.0);
        assertThat(curves.csv())
                .startsWith("run,kind,step,seconds,value,smoothed\na,training,1,10.0,2.0,2.0\n")
                .endsWith("b,training,1,5.0,4.0,4.0\n");
    }

    @Test
    void logarithmsHaveTicksAtRoundValuesAndGapsAtWhatIsNotAboveNothing() {
        curves.append(
                "run",
                List.of(new CurveChart.Point(1, 1000), new CurveChart.Point(2, 0), new CurveChart.Point(3, 0.1)));
        curves.smooth(0);
        curves.logarithmic(true);
        new Drawn(curves.chart(), curves.exportSize(), 1);

        XYDataset raw = plot().getDataset(0);
        assertThat(raw.getYValue(0, 0)).isCloseTo(3, within(1e-12));
        assertThat(raw.getYValue(0, 1)).isNaN();
        MagnitudeAxis axis = (MagnitudeAxis) plot().getRangeAxis();
        assertThat(axis.refreshTicks(null, null, new Rectangle2D.Double(0, 0, 400, 300), RectangleEdge.LEFT))
                .extracting(Object::toString)
                .contains("0.1", "1", "10", "100", "1000")
                .hasSizeLessThan(16);
        CurveChart flat = new CurveChart("Loss", ChartStyle.light());
        flat.append("run", List.of(new CurveChart.Point(1, 0.52), new CurveChart.Point(2, 0.55)));
        flat.logarithmic(true);
        new Drawn(flat.chart(), flat.exportSize(), 1);
        MagnitudeAxis narrow = (MagnitudeAxis) flat.chart().getXYPlot().getRangeAxis();
        assertThat(narrow.refreshTicks(null, null, new Rectangle2D.Double(0, 0, 400, 300), RectangleEdge.LEFT))
                .extracting(Object::toString)
                .contains("0.52", "0.55");
    }

    @Test
    void theBestEvaluationIsMarkedAndColoursAreThoseOfTheRuns() {
        curves.add("second", 1);
        curves.appendEvaluation("second", new CurveChart.Point(10, 0.5));
        curves.appendEvaluation("second", new CurveChart.Point(20, 0.8));
        curves.best("second", new CurveChart.Point(20, 0.8));
        Drawn drawn = new Drawn(curves.chart(), curves.exportSize(), 1);

        assertThat(plot().getDataset(3).getXValue(0, 0)).isEqualTo(20);
        assertThat(drawn.entities())
                .filteredOn(org.jfree.chart.entity.PlotEntity.class::isInstance)
                .anySatisfy(plot -> assertThat(drawn.colours(plot))
                        .contains(ChartTheme.LIGHT.run(1))
                        .doesNotContain(ChartTheme.LIGHT.run(0)));
        CurveChart copy = curves.copy(ChartStyle.dark());
        assertThat(copy.csv()).isEqualTo(curves.csv());
        assertThat(copy.chart().getBackgroundPaint()).isEqualTo(ChartTheme.DARK.canvas());
    }

    @Test
    void timesAreTickedAsAClockShowsThem() {
        TimeAxis axis = new TimeAxis("Time");
        axis.setSpacing(64);
        axis.setRange(0, 5400);
        axis.selectAutoTickUnit(null, new Rectangle2D.Double(0, 0, 640, 300), RectangleEdge.BOTTOM);
        assertThat(axis.getTickUnit().getSize()).isEqualTo(600);
        assertThat(axis.getTickUnit().valueToString(4200)).isEqualTo("1:10:00");
        axis.setRange(0, 40);
        axis.selectAutoTickUnit(null, new Rectangle2D.Double(0, 0, 640, 300), RectangleEdge.BOTTOM);
        assertThat(axis.getTickUnit().valueToString(30)).isEqualTo("0:30");
    }

    private XYPlot plot() {
        return curves.chart().getXYPlot();
    }
}
