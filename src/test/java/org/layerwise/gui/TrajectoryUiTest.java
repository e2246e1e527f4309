package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javafx.scene.control.ChoiceBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.study.comparison.TrajectoryQuantity;

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
        assertThat(words("#trajectory-title")).isEqualTo("Layers over training · olmo");
        moveTo(centre("#trajectory", found -> HeatmapChart.pairOf(found)
                .filter(new HeatmapChart.Pair(5, 1)::equals)
                .isPresent()));
        await("a cell is read", () -> words("#trajectory-readout").startsWith("Step 3k, layer 5"));
        pictures.both("68-trajectory");
        ChoiceBox<TrajectoryQuantity> quantity = lookup("#trajectory-quantity").query();
        interact(() -> quantity.setValue(TrajectoryQuantity.SIMILARITY_TO_FIRST));
        moveTo(centre("#trajectory", found -> HeatmapChart.pairOf(found)
                .filter(new HeatmapChart.Pair(6, 1)::equals)
                .isPresent()));
        await("a similarity is read", () -> words("#trajectory-readout")
                .startsWith("Step 3k, layer 6   CKA to the first checkpoint 0.85"));
        pictures.both("68-trajectory-similarity");
        clickOn("#compare-page-layers");
        await("there are no analyses to compare", () -> visible("#compare-open-first"));
    }

    @Test
    void theMapIsComputedFromCheckpoints(@TempDir Path place) throws Exception {
        openTheSample();
        Path training = Files.createDirectory(place.resolve("pythia"));
        for (String step : List.of("step1000", "step2000")) {
            Files.createSymbolicLink(
                    training.resolve(step), lab().folder("bert").toRealPath());
        }
        files.choose(training);
        clickOn("#menu-analysis");
        clickOn("#menu-compute-trajectory");
        await("the map is drawn", () -> visible("#trajectory"));
        assertThat(words("#trajectory-title")).isEqualTo("Layers over training · pythia");
        Path saved;
        try (Stream<Path> all = Files.list(runs().resolveSibling("trajectories"))) {
            saved = all.findAny().orElseThrow();
        }
        assertThat(Files.readAllLines(saved.resolve("checkpoints.csv")))
                .anyMatch(line -> line.startsWith("step1000,1000,"))
                .anyMatch(line -> line.startsWith("step2000,2000,"));
    }
}
