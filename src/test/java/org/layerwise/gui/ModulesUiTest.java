package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.gui.chart.ChartPane;

/** Looks at linear maps one by one and selects some; photographed. */
class ModulesUiTest extends WindowTest {

    private final Pictures pictures = new Pictures(this);

    @BeforeEach
    void openModules() {
        openTheSample();
        clickOn("#measures");
        clickOn("#measure-snr");
        clickOn("#measures");
        clickOn("#analyze");
        await("the second analysis is done", () -> words("#analysis-title").endsWith("analysis 2"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        hideNotices();
        clickOn("#view-modules");
        await("it is said which measure has them", () -> visible("#no-modules"));
    }

    @Test
    void linearMapsAreSelectedByMouse() throws Exception {
        pictures.both("60-no-modules");
        showSnr();
        pictures.both("61-modules");
        selectAll();
        clickOn(cell(0, 3));
        await("one is left out", () -> words("#selection-count").equals("12 of 12 layers: 71 linear maps"));
        await("it is said", () -> words("#modules-readout").startsWith("Layer 3 · attention.self.query, not selected"));
        clickOn(bar(0));
        await("the most important one, too", () -> words("#selection-count").equals("12 of 12 layers: 70 linear maps"));
        pictures.both("62-modules-selected");
        push(KeyCode.CONTROL, KeyCode.Z);
        push(KeyCode.CONTROL, KeyCode.Z);
        await("both are taken back", () -> words("#selection-count").equals("12 of 12 layers"));
    }

    @Test
    void linearMapsAreSelectedByKeys() throws Exception {
        showSnr();
        selectAll();
        ChartPane heatmap = lookup("#modules").query();
        interact(heatmap::requestFocus);
        push(KeyCode.RIGHT);
        push(KeyCode.DOWN);
        assertThat(heatmap.getAccessibleText()).startsWith("Importance of linear maps. Layer 0 · attention.self.key");
        push(KeyCode.SPACE);
        await("it is left out", () -> words("#selection-count").endsWith("71 linear maps"));
        interact(() -> lookup("#module-ranking").<Node>query().requestFocus());
        push(KeyCode.ESCAPE);
        push(KeyCode.DOWN);
        String first = words("#modules-readout");
        push(KeyCode.DOWN);
        assertThat(words("#modules-readout")).as("the next bar").isNotEqualTo(first);
        push(KeyCode.UP);
        assertThat(words("#modules-readout")).isEqualTo(first);
        push(KeyCode.SPACE);
        await("another is left out", () -> words("#selection-count").endsWith("70 linear maps"));
    }

    @Test
    void theFiguresAreExported() throws Exception {
        showSnr();
        Path file = home.resolve("modules.png");
        files.choose(file);
        clickOn("#modules-export");
        await("the dialog is open", () -> visible("#export-dpi"));
        push(KeyCode.ENTER);
        await("it is written", () -> Files.isRegularFile(file));
        assertThat(Files.size(file)).isGreaterThan(1000);
    }

    @Test
    void ranksAreSpreadWithinABudgetAndKept() throws Exception {
        showSnr();
        clickOn("#budget-pane .title");
        await("ranks are spread", () -> words("#budget-result").contains("of 6,912 parameters"));
        pictures.both("63-budget");
        TextField field = lookup("#budget").query();
        interact(() -> field.setText("2000"));
        await("there are fewer", () -> words("#budget-result").contains("of 2,000 parameters"));
        assertThat(lookup("#budget-share").<Slider>query().getValue()).isBetween(0.14, 0.15);
        interact(() -> field.setText("much"));
        await("the mistake is said", () -> words("#budget-mistake").startsWith("\"much\" is neither"));
        pictures.both("64-budget-mistake");
        interact(() -> lookup("#budget-share").<Slider>query().setValue(0.3));
        await(
                "the slider writes the field",
                () -> field.getText().equals("30%") && words("#budget-result").contains("of 4,147 parameters"));
        clickOn("#budget-keep");
        await("the ranks are selected", () -> words("#selection-count").contains("linear maps, ranks 1 to"));
        assertThat(words("#trainable")).isEqualTo(words("#budget-result").substring(0, 5));
        pictures.both("65-budget-kept");
    }

    private void selectAll() {
        clickOn("#menu-selection");
        clickOn("#menu-select-all");
        await("all layers are chosen", () -> words("#selection-count").equals("12 of 12 layers"));
    }

    private void showSnr() {
        clickOn("#modules-by-snr");
        await(
                "the heatmap is drawn",
                () -> visible("#modules")
                        && entity("#modules", found -> HeatmapChart.pairOf(found)
                                        .isPresent())
                                .isPresent());
        await("the bars are drawn", () -> entity(
                        "#module-ranking", found -> RankingChart.layerOf(found).isPresent())
                .isPresent());
    }

    private Point2D cell(int row, int column) {
        return centre("#modules", found -> HeatmapChart.pairOf(found)
                .filter(new HeatmapChart.Pair(row, column)::equals)
                .isPresent());
    }

    private Point2D bar(int row) {
        return centre("#module-ranking", found -> RankingChart.layerOf(found).equals(OptionalInt.of(row)));
    }
}
