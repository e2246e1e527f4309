package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.data.xy.IntervalXYDataset;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.GroupsChart;
import org.layerwise.chart.IntervalsChart;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.study.experiment.outcome.OutcomeCharts;
import org.layerwise.study.experiment.rules.AdapterRanks;

class ExperimentChartsTest {

    /** Result of all usual arms, and one of each measure with attention only. */
    static ExperimentResult league() {
        Random random = new Random(3);
        Map<Arm, double[]> arms = new LinkedHashMap<>();
        Arm.USUAL.forEach(arm -> arms.put(arm, values(random)));
        Measures.ALL.stream().limit(8).forEach(measure -> arms.put(Arm.by(measure), values(random)));
        arms.put(Arm.ALL.with(AdapterRanks.HALF), values(random));
        arms.put(Arm.by(Measures.ALL.get(1)).with(AdapterRanks.HALF), values(random));
        return ExperimentSamples.result(arms);
    }

    private static double[] values(Random random) {
        double mean = 0.85 + 0.01 * random.nextGaussian();
        return random.doubles(6).map(any -> mean + 0.01 * random.nextGaussian()).toArray();
    }

    private static IntervalXYDataset dots(IntervalsChart chart) {
        return (IntervalXYDataset) chart.chart().getXYPlot().getDataset(1);
    }

    @Test
    void differencesHaveALinePerArmAndASeriesPerBaseline() {
        ExperimentResult result = league();
        IntervalsChart chart = new OutcomeCharts(result.outcome())
                .differences(ChartStyle.light())
                .orElseThrow();
        IntervalXYDataset dots = dots(chart);
        assertThat(dots.getSeriesCount()).isEqualTo(2);
        assertThat(dots.getItemCount(0)).isEqualTo(13);
        assertThat(dots.getItemCount(1)).isEqualTo(12);
        ArmResult.Difference first = result.arms().get(1).fromAll();
        assertThat(dots.getYValue(0, 0)).isEqualTo(first.value());
        assertThat(dots.getStartYValue(0, 0)).isEqualTo(first.interval().low());
        assertThat(dots.getEndYValue(0, 0)).isEqualTo(first.interval().high());
        assertThat(chart.exportSize().height()).isGreaterThan(400);
    }

    @Test
    void ranksAreInTheirOrder() {
        IntervalsChart chart =
                new OutcomeCharts(league().outcome()).ranks(ChartStyle.light()).orElseThrow();
        IntervalXYDataset dots = dots(chart);
        assertThat(dots.getItemCount(0)).isEqualTo(14);
        for (int line = 1; line < 14; line++) {
            assertThat(dots.getYValue(0, line)).isGreaterThanOrEqualTo(dots.getYValue(0, line - 1));
        }
        assertThat(chart.chart().getXYPlot().getDataset(0).getItemCount(0)).isEqualTo(14 * 6);
    }

    /** Written to {@code target/looks}, to be looked at. */
    @Test
    void picturesHaveTheirSize() throws Exception {
        OutcomeCharts charts = new OutcomeCharts(league().outcome());
        ChartStyle style = ChartStyle.light();
        GroupsChart tradeOff = charts.tradeOff(style);
        write(tradeOff.chart(), tradeOff.exportSize(), "league-parameters");
        Map<String, IntervalsChart> others = Map.of(
                "league-metric", charts.metric(style),
                "league-differences", charts.differences(style).orElseThrow(),
                "league-ranks", charts.ranks(style).orElseThrow());
        for (Map.Entry<String, IntervalsChart> other : others.entrySet()) {
            write(other.getValue().chart(), other.getValue().exportSize(), other.getKey());
        }
        assertThat(tradeOff.chart().getXYPlot().getAnnotations())
                .as("more arms than colours have numbers")
                .hasSize(14);
    }

    private static void write(JFreeChart chart, ChartSize size, String name) throws Exception {
        Path file = Path.of("target", "looks", name + ".png");
        ChartExport.png(chart, size, 2 * 96, file);
        assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(2 * size.height());
    }

    @Test
    void oneArmHasNeither() {
        OutcomeCharts charts = new OutcomeCharts(ExperimentSamples.result(Map.of(Arm.ALL, new double[] {0.8, 0.9}))
                .outcome());
        assertThat(charts.differences(ChartStyle.light())).isEmpty();
        assertThat(charts.ranks(ChartStyle.light())).isEmpty();
    }
}
