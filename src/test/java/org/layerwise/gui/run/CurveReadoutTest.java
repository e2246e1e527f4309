package org.layerwise.gui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.curve.CurveChart.Along;
import org.layerwise.chart.curve.CurveChart.Point;
import org.layerwise.chart.style.ChartStyle;

class CurveReadoutTest {

    private final CurveChart chart = new CurveChart("Training loss", ChartStyle.light());

    @Test
    void aRunThatEndedEarlierNamesItsOwnStep() {
        chart.append("short", List.of(new Point(10, 1.0), new Point(20, 0.5)));
        chart.append("long", List.of(new Point(10, 2.0), new Point(20, 1.5), new Point(60, 1.25)));
        CurveReadout readout = new CurveReadout(Along.STEPS, true, false);
        assertThat(readout.line(chart.at(59), 59)).isEqualTo("Step 60 · short: 0.500 at step 20 · long: 1.25");
        assertThat(readout.nearest(chart.at(59), 59)).isEqualTo(60);
        assertThat(readout.line(chart.at(19), 19)).isEqualTo("Step 20 · short: 0.500 · long: 1.50");
    }

    @Test
    void aRunThatEndedEarlierNamesItsOwnTime() {
        chart.along(Along.TIME);
        chart.append("short", List.of(new Point(1, 20.2, 0.5)));
        chart.append("long", List.of(new Point(1, 20.4, 1.5), new Point(2, 60, 1.25)));
        CurveReadout readout = new CurveReadout(Along.TIME, true, false);
        assertThat(readout.line(chart.at(59), 59)).isEqualTo("1:00 · short: 0.500 at 0:20 · long: 1.25");
        assertThat(readout.line(chart.at(19), 19)).isEqualTo("0:20 · short: 0.500 · long: 1.50");
    }

    @Test
    void aGapIsADash() {
        chart.append("run", List.of(new Point(1, 0.5), new Point(2, Double.NaN), new Point(3, 0.25)));
        CurveReadout readout = new CurveReadout(Along.STEPS, false, true);
        assertThat(readout.line(chart.at(2), 2)).isEqualTo("Step 2 · –");
        assertThat(readout.line(chart.at(1), 1)).isEqualTo("Step 1 · 0.5 (smoothed 0.500)");
        chart.appendEvaluation("run", new Point(2, Double.NaN));
        assertThat(readout.line(chart.at(2), 2)).isEqualTo("Step 2 · – · – on held-out rows");
    }

    @Test
    void onlyTheFirstRunsAreRead() {
        for (int run = 0; run < 8; run++) {
            chart.append("r" + run, List.of(new Point(1, run)));
        }
        assertThat(new CurveReadout(Along.STEPS, true, false).line(chart.at(1), 1))
                .endsWith("r5: 5.00 · 2 more");
    }
}
