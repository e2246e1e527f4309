package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;

class TrajectoryChartTest {

    private static List<LayerImportance> growing(int steps, int layers) {
        List<LayerImportance> all = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            List<Similarity> values = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                double distance = layer - layers * (0.2 + 0.6 * step / steps);
                values.add(
                        layer == 0
                                ? new Similarity.Undefined("Constant.")
                                : new Similarity.Value(0.3 * Math.exp(-distance * distance / layers)));
            }
            all.add(LayerImportance.ofScores(values));
        }
        return all;
    }

    @Test
    void pictures() throws Exception {
        Path folder = Files.createDirectories(Path.of("target/pictures"));
        for (int[] size : new int[][] {{8, 12}, {154, 12}, {3, 32}}) {
            List<String> steps = new ArrayList<>();
            for (int step = 1; step <= size[0]; step++) {
                steps.add(step + "k");
            }
            TrajectoryChart chart = new TrajectoryChart(
                    steps,
                    TrajectoryValues.of("1 − CKA", growing(size[0], size[1])),
                    ColourMap.VIRIDIS,
                    ChartStyle.light());
            Path file = folder.resolve("checkpoints-%s-%s.png".formatted(size[0], size[1]));
            ChartExport.png(chart.chart(), chart.exportSize(), 192, file);
            assertThat(file).isNotEmptyFile();
        }
    }

    @Test
    void theTableHasALineForEachCheckpoint() {
        LayerImportance importance = LayerImportance.ofScores(
                List.of(new Similarity.Undefined("Constant."), new Similarity.Value(0.1 + 0.2)));
        assertThat(TrajectoryCsv.text(
                        List.of("step,1", "main"),
                        List.of("1", ""),
                        TrajectoryValues.of("CKA", List.of(importance, importance))))
                .isEqualTo("checkpoint,step,0,1\n\"step,1\",1,,0.30000000000000004\nmain,,,0.30000000000000004\n");
    }
}
