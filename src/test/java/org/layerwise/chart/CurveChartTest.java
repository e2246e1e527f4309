package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        curves.clear();
        assertThat(raw.getSeriesCount()).isZero();
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
                .anySatisfy(plot -> assertThat(drawn.colours(plot)).contains(Theme.LIGHT.run(0)));
    }

    private XYPlot plot() {
        return curves.chart().getXYPlot();
    }
}
