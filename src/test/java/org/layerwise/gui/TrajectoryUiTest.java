package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.chart.heatmap.HeatmapChart;

/** Opens the importance of layers over a training; photographed. */
class TrajectoryUiTest extends WindowTest {

    @Test
    void layersAreShownOverTraining(@TempDir Path written) throws Exception {
        Pictures pictures = new Pictures(this);
        Path olmo = written.resolve("olmo");
        TinyTrajectory.write(lab(), olmo);
        clickOn("#tab-compare");
        await("it is offered without any analysis", () -> visible("#compare-trajectory"));
        pictures.both("67-compare-nothing");
        files.choose(olmo);
        clickOn("#menu-analysis");
        clickOn("#menu-open-trajectory");
        await(
                "the map is drawn",
                () -> visible("#trajectory")
                        && entity("#trajectory", found -> HeatmapChart.pairOf(found)
                                        .isPresent())
                                .isPresent());
        assertThat(words("#trajectory-title")).isEqualTo("Importance of layers over training · olmo");
        moveTo(centre("#trajectory", found -> HeatmapChart.pairOf(found)
                .filter(new HeatmapChart.Pair(5, 1)::equals)
                .isPresent()));
        await("a cell is read", () -> words("#trajectory-readout").startsWith("Step 3k, layer 5"));
        pictures.both("68-trajectory");
        clickOn("#compare-page-layers");
        await("there are no analyses to compare", () -> visible("#compare-open-first"));
    }
}
