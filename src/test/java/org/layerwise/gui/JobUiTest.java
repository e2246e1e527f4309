package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import javafx.geometry.Orientation;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListCell;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import javax.imageio.ImageIO;
import org.controlsfx.control.StatusBar;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.gui.app.ThemeChoice;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;

/** Drives the real window through the whole job, on a tiny model. */
class JobUiTest extends WindowTest {

    @BeforeEach
    void nothingFails() {
        pace.fail(false);
    }

    @Test
    void fromTheSampleToASavedSelection() throws Exception {
        openSample();
        assertThat(words("#selection-count")).isEqualTo("6 of 12 layers");
        assertThat(words("#saved").replace('\u00a0', ' ')).isEqualTo("50 %");

        clickOn(bar(3));
        await("layer 3 is selected", () -> words("#selection-count").equals("7 of 12 layers"));
        assertThat(words("#selection-rule")).isEqualTo("chosen by hand");
        assertThat(checked(3)).isTrue();
        sleep(500); // a second click at once would be a double click
        clickOn(bar(3));
        await("layer 3 is not selected", () -> words("#selection-count").equals("6 of 12 layers"));

        Slider ratio = lookup("#ratio").query();
        interact(ratio::requestFocus);
        push(KeyCode.HOME);
        push(KeyCode.RIGHT, 5);
        await("a quarter is selected", () -> words("#selection-count").equals("3 of 12 layers"));
        assertThat(words("#selection-rule")).isEqualTo("the most important by ratio");

        Path file = folder.resolve("selection.json");
        Files.deleteIfExists(file);
        files.choose(file);
        clickOn("#save-selection");
        await("the selection is saved", () -> Files.exists(file));
        assertThat(SelectionFile.read(file).selection().layers()).containsExactly(5, 8, 11);
        assertThat(SelectionFile.read(file).selection().reason().rule()).isInstanceOf(SelectionRule.TopRatio.class);
    }

    @Test
    void barsAreChosenByKeyboardAndListedLayersToo() {
        openSample();
        interact(() -> lookup("#ranking").query().requestFocus());
        push(KeyCode.DOWN);
        await("the first bar is marked", () -> words("#ranking-readout")
                .startsWith("Layer 11, selected · Importance 0.1"));
        push(KeyCode.SPACE);
        await("it is taken out", () -> words("#selection-count").equals("5 of 12 layers"));
        push(KeyCode.DOWN);
        push(KeyCode.SPACE);
        await("so is the second", () -> words("#selection-count").equals("4 of 12 layers"));

        clickOn(cell(0).lookup(".check-box"));
        await("layer 0 is in", () -> words("#selection-count").equals("5 of 12 layers"));
        clickOn(cell(1).lookup(".lock"));
        clickOn(cell(1).lookup(".lock"));
        await("layer 1 is locked out", () -> words("#selection-count").equals("4 of 12 layers"));
        assertThat(checked(1)).isFalse();
        push(KeyCode.CONTROL, KeyCode.Z);
        await("the lock is taken back", () -> words("#selection-count").equals("5 of 12 layers"));
    }

    @Test
    void hoverSaysPairAndValueAndMarksTheBar() {
        openSample();
        moveTo(cellOfHeatmap(6, 5));
        await("the pair is read", () -> words("#heatmap-readout").startsWith("Layer 5, input ↔ output · CKA 0.89"));
        assertThat(words("#ranking-readout")).startsWith("Layer 5, selected · Importance 0.10");
        moveTo(cellOfHeatmap(0, 4));
        await("the reason is read", () -> words("#heatmap-readout").contains("Undefined: Every example starts with"));
    }

    @Test
    void theHeatmapIsExportedAtItsResolution() throws Exception {
        openSample();
        Path file = folder.resolve("heatmap.png");
        Files.deleteIfExists(file);
        files.choose(file);
        push(KeyCode.CONTROL, KeyCode.E);
        await("the dialog is open", () -> visible("#export-dpi"));
        Spinner<?> dpi = lookup("#export-dpi").query();
        doubleClickOn(dpi.getEditor()).write("150");
        push(KeyCode.TAB);
        String pixels = lookup(".dialog-pane .muted")
                .match((Node node) ->
                        node instanceof Label label && label.getText().contains("pixels"))
                .<Label>query()
                .getText();
        clickOn("Export…");
        await("the picture is written", () -> Files.exists(file));
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(pixels.replace(",", "")).isEqualTo("998 × 844 pixels");
        assertThat(picture.getWidth()).isBetween(996, 1000);
    }

    @Test
    void aTrainingIsWatchedToItsEnd() {
        openSample();
        clickOn("#go-train");
        TextField rank = lookup("#field-r").query();
        String before = words("#trainable");
        doubleClickOn(rank).write("4");
        push(KeyCode.TAB);
        await("the count follows the rank", () -> words("#trainable").startsWith("3,456"));
        assertThat(before).startsWith("6,912");
        clickOn("#train");
        await("some steps are drawn", () -> steps() > 5);
        await("it is finished", () -> words("#run-state").startsWith("finished"));
        assertThat(steps()).isEqualTo(32);
        assertThat(lookup("#run-metrics").query().isVisible()).isTrue();
    }

    @Test
    void aCancelledTrainingLeavesItsAdapterAndQueuedWorkNeverStarts() {
        openSample();
        pace.steps(400);
        clickOn("#go-train");
        clickOn("#train");
        clickOn("#train");
        await("one waits", () -> words("#task-queue").equals("1 more"));
        await("the first trains", () -> words("#task-message").startsWith("Step"));
        clickOn("#task-queue");
        clickOn(lowest("#cancel-queued"));
        await("none waits", () -> !visible("#task-queue"));
        moveTo("#navigator"); // away from the button whose tooltip would lie over the next
        closeNotices();
        clickOn("#cancel-task");
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        await(
                "both are called cancelled",
                () -> lookup(".navigator-cell")
                                .match((Node node) -> texts(node).contains("cancelled"))
                                .queryAll()
                                .size()
                        == 2);
        Node first =
                lookup(".navigator-cell").match((Node node) -> texts(node).contains("cancelled")).queryAll().stream()
                        .min(Comparator.comparingDouble(JobUiTest::top))
                        .orElseThrow();
        clickOn(first);
        await("the first has an adapter", () -> words("#run-state").matches("cancelled · \\d+ steps.*"));
    }

    @Test
    void cancellingOneTaskLeavesTheNextAlone() {
        openSample();
        pace.set(150);
        clickOn("#go-train");
        clickOn("#train");
        clickOn("#train");
        await("one waits", () -> words("#task-queue").equals("1 more"));
        StatusBar status = lookup("#status").query();
        assertThat(status.getText()).startsWith("Training 6 of 12 layers");
        Node cancel = lookup("#cancel-task").query();
        interact(cancel::requestFocus);
        push(KeyCode.SPACE);
        await("the next is in front", () -> !visible("#task-queue"));
        assertThat(cancel.isFocused()).isFalse();
        push(KeyCode.SPACE);
        await("the next has not stopped", () -> words("#task-message").startsWith("Step"));
        clickOn("#cancel-task");
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
    }

    @Test
    void inASmallWindowTheRankingGoesBelowTheHeatmap() {
        openSample();
        interact(() -> {
            stage.setWidth(1024);
            stage.setHeight(700);
        });
        SplitPane charts = lookup("#charts").query();
        await("they are stacked", () -> charts.getOrientation() == Orientation.VERTICAL);
        Region heatmap = lookup("#heatmap").query();
        assertThat(heatmap.getWidth()).isGreaterThan(400);
        assertThat(heatmap.getHeight()).isGreaterThan(300);
        clickOn("#measures");
        await("settings are shown", () -> visible("#position"));
        Region position = lookup("#position").query();
        assertThat(position.getWidth()).isGreaterThanOrEqualTo(position.prefWidth(-1));
        clickOn("#measures");
        interact(() -> {
            stage.setWidth(1280);
            stage.setHeight(800);
        });
        await("they stand side by side", () -> charts.getOrientation() == Orientation.HORIZONTAL);
        interact(() -> lookup("#heatmap").query().requestFocus());
        push(KeyCode.RIGHT);
        push(KeyCode.RIGHT);
        await("the second cell is read", () -> words("#heatmap-readout").startsWith("Layer 0, input"));
    }

    @Test
    void anAnalysisIsCancelledAndTheWindowStaysUsable() {
        pace.set(200);
        clickOn("#welcome-sample");
        await("it runs", () -> visible("#cancel-analysis"));
        clickOn("#cancel-analysis");
        await("it has stopped", () -> visible("#analyze-first"));
        pace.set(25);
        clickOn("#analyze-first");
        await("it is done", () -> words("#selection-count").equals("6 of 12 layers"));
    }

    @Test
    void aBrokenFolderIsADialogInPlainWords() throws Exception {
        Path broken = Files.createDirectories(home.resolve("broken"));
        files.choose(broken);
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("a dialog says so", () -> visible(".dialog-pane"));
        assertThat(lookup(".dialog-pane .content").queryLabeled().getText())
                .isEqualTo(broken + " has no config.json; choose the folder of a HuggingFace model.");
        clickOn("Close");
        await("the bar stays", () -> visible(".problem-bar"));
        openSample();
        assertThat(words("#selection-count")).isEqualTo("6 of 12 layers");
    }

    @Test
    void aDefectShowsDetailsOnDemand() {
        openSample();
        pace.fail(true);
        clickOn("#analyze");
        await("a dialog says so", () -> visible(".dialog-pane"));
        assertThat(lookup(".dialog-pane .content").queryLabeled().getText()).doesNotContain("Exception");
        clickOn(".details-button");
        await("details are shown", () -> visible("#details"));
        clickOn("Close");
        pace.fail(false);
        await("the heatmap is still there", () -> visible("#heatmap"));
        clickOn("#retry");
        await("the second analysis is done", () -> words("#analysis-title").endsWith("analysis 2"));
    }

    @Test
    void theThemeIsSwitchedFromTheMenu() {
        clickOn("#menu-view");
        clickOn("#menu-dark");
        await("it is dark", () -> brightness() < 0.3);
        clickOn("#menu-view").clickOn("#menu-light");
        await("it is light", () -> brightness() > 0.7);
    }

    @Test
    void dataIsChosenByColumnsAndRows() {
        files.choose(lab().table("reviews.csv", 512));
        clickOn("#tab-data");
        clickOn("#data-open");
        await("it is read", () -> words("#data-name").equals("reviews"));
        assertThat(visible("#column-text")).isTrue();
        Spinner<?> rows = lookup("#samples").query();
        doubleClickOn(rows.getEditor()).write("64");
        push(KeyCode.TAB);
        clickOn("#data-apply");
        await("it is read again", () -> stage.getTitle().startsWith("reviews"));
        await("fewer rows are shown", () -> texts(lookup("#root").query()).contains("64 rows, the first 64 are shown"));
        clickOn("#tab-training");
        assertThat(visible("#training-unmeasured")).isTrue();
    }

    @Test
    void theRangeOfColoursIsPulled() {
        openSample();
        Node low = from(lookup("#colours").queryAll()).lookup(".low-thumb").query();
        drag(low, MouseButton.PRIMARY).moveBy(60, 0).drop();
        await("the scale starts higher", () -> texts(lookup("#root").query()).matches("(?s).*\\b0\\.[1-4]\\d\\b.*"));
        clickOn("#colours-reset");
    }

    @Test
    void settingsOutliveTheWindow() throws Exception {
        interact(() -> {
            stage.setWidth(1333);
            windows.setTheme(ThemeChoice.DARK);
        });
        interact(() -> windows.close());
        assertThat(folder.resolve("window-JobUiTest.json"))
                .content()
                .contains("1333")
                .contains("dark");
        Files.delete(folder.resolve("window-JobUiTest.json"));
    }

    private void openSample() {
        push(KeyCode.CONTROL, KeyCode.DIGIT1);
        clickOn(visible("#welcome-sample") ? "#welcome-sample" : "#menu-file");
        if (visible("#menu-open-sample")) {
            clickOn("#menu-open-sample");
        }
        await(
                "the analysis is done",
                () -> words("#selection-count").equals("6 of 12 layers")
                        && words("#task-message").startsWith("Nothing"));
        await("the bars are drawn", () -> entity(
                        "#ranking", found -> RankingChart.layerOf(found).isPresent())
                .isPresent());
        closeNotices();
    }

    private void push(KeyCode key, int times) {
        for (int time = 0; time < times; time++) {
            push(key);
        }
    }

    /** The last of several in a column. */
    private Node lowest(String query) {
        return onFx(() -> lookup(query).queryAll().stream()
                .filter(WindowTest::seen)
                .max(Comparator.comparingDouble(JobUiTest::top))
                .orElseThrow());
    }

    private static double top(Node node) {
        return node.localToScreen(node.getBoundsInLocal()).getMinY();
    }

    private boolean checked(int layer) {
        return ((CheckBox) cell(layer).lookup(".check-box")).isSelected();
    }

    private Node cell(int layer) {
        return lookup(".layer-cell")
                .match((Node node) -> node instanceof ListCell<?> cell
                        && Integer.valueOf(layer).equals(cell.getItem()))
                .query();
    }

    private int steps() {
        return ((XYPlot) viewer("#curve").getChart().getPlot()).getDataset().getSeriesCount() == 0
                ? 0
                : ((XYPlot) viewer("#curve").getChart().getPlot()).getDataset().getItemCount(0);
    }

    private Point2D bar(int layer) {
        return centre("#ranking", found -> RankingChart.layerOf(found).orElse(-1) == layer);
    }

    /** All words in a node, one line each. */
    private static String texts(Node node) {
        StringBuilder words = new StringBuilder();
        if (node instanceof Labeled labeled && labeled.getText() != null) {
            words.append(labeled.getText()).append('\n');
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> words.append(texts(child)));
        }
        return words.toString();
    }

    private double brightness() {
        return capture(stage.getScene().getRoot())
                .getImage()
                .getPixelReader()
                .getColor(600, 500)
                .getBrightness();
    }
}
