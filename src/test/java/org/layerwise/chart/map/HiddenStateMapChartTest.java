package org.layerwise.chart.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;

class HiddenStateMapChartTest {

    /** A horseshoe, as the hidden states of deep models form. */
    private static HiddenStateMap horseshoe(int states) {
        List<HiddenStateMap.Point> points = new ArrayList<>();
        for (int state = 0; state < states; state++) {
            double angle = Math.PI * (1 - Math.pow(state / (states - 1.0), 2));
            points.add(new HiddenStateMap.Point(0, state, 0.4 * Math.cos(angle), 0.15 * Math.sin(angle)));
        }
        return new HiddenStateMap(points, 0.874);
    }

    @ParameterizedTest
    @CsvSource({"560,520", "900,300", "300,700"})
    void aUnitIsAsLongOnBothAxes(int width, int height) {
        HiddenStateMapChart chart =
                new HiddenStateMapChart(horseshoe(13), "angular Procrustes similarity", ChartStyle.light());
        ChartExport.image(chart.chart(), new ChartSize(width, height), 96);
        XYPlot plot = chart.chart().getXYPlot();
        double across = plot.getDomainAxis().getRange().getLength();
        double up = plot.getRangeAxis().getRange().getLength();
        assertThat(plot.getDomainAxis().getRange().contains(-0.4)).isTrue();
        assertThat(plot.getDomainAxis().getRange().contains(0.4)).isTrue();
        assertThat(plot.getRangeAxis().getRange().contains(0.15)).isTrue();
        // the axes' labels and the caption take the rest of the picture
        assertThat(across / up).isCloseTo((width - 80.0) / (height - 120.0), within(0.25 * width / height));
    }

    @Test
    void writesAPicture() throws Exception {
        Path folder = Files.createDirectories(Path.of("target/pictures"));
        for (int states : new int[] {13, 33, 3}) {
            HiddenStateMapChart chart =
                    new HiddenStateMapChart(horseshoe(states), "angular Procrustes similarity", ChartStyle.light());
            ChartExport.png(chart.chart(), chart.exportSize(), 192, folder.resolve("map-%s.png".formatted(states)));
            BufferedImage image = ChartExport.image(chart.chart(), chart.exportSize(), 96);
            assertThat(image.getWidth()).isEqualTo(560);
        }
    }

    @Test
    void twoModelsAreCirclesAndSquares() throws Exception {
        List<HiddenStateMap.Point> points = new ArrayList<>();
        for (HiddenStateMap.Point point : horseshoe(13).points()) {
            points.add(point);
        }
        for (HiddenStateMap.Point point : horseshoe(9).points()) {
            points.add(new HiddenStateMap.Point(1, point.state(), 0.8 * point.x() + 0.03, 1.3 * point.y()));
        }
        HiddenStateMap map = new HiddenStateMap(points, 0.81);
        HiddenStateMapChart chart = new HiddenStateMapChart(
                map, "angular Procrustes similarity", List.of("bert", "bert + adapter"), ChartStyle.light());
        ChartExport.png(
                chart.chart(),
                chart.exportSize(),
                192,
                Files.createDirectories(Path.of("target/pictures")).resolve("map-of-two.png"));
        XYPlot plot = chart.chart().getXYPlot();
        assertThat(plot.getDataset().getSeriesCount()).isEqualTo(2);
        assertThat(plot.getRenderer().getSeriesShape(0)).isInstanceOf(Ellipse2D.class);
        assertThat(plot.getRenderer().getSeriesShape(1)).isInstanceOf(Rectangle2D.class);
        assertThat(HiddenStateMapCsv.text(map, List.of("bert", "bert + adapter")))
                .startsWith("model,state,x,y\nbert,0,")
                .contains("\nbert + adapter,8,");
    }

    @Test
    void allStatesInOnePlaceAreDrawn() {
        HiddenStateMap map = new HiddenStateMap(
                List.of(
                        new HiddenStateMap.Point(0, 0, 0, 0),
                        new HiddenStateMap.Point(0, 1, 0, 0),
                        new HiddenStateMap.Point(0, 2, 0, 0)),
                1);
        HiddenStateMapChart chart = new HiddenStateMapChart(map, "similarity", ChartStyle.dark());
        assertThat(ChartExport.image(chart.chart(), chart.exportSize(), 96)).isNotNull();
    }

    @Test
    void theTableHasAllDigits() {
        HiddenStateMap map = new HiddenStateMap(List.of(new HiddenStateMap.Point(0, 1, 0.1 + 0.2, -1e-20)), 1);
        assertThat(HiddenStateMapCsv.text(map)).isEqualTo("state,x,y\n1,0.30000000000000004,-1e-20\n");
    }
}
