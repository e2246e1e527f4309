package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.event.Event;
import javafx.geometry.VerticalDirection;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TableView;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javax.imageio.ImageIO;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.gui.chart.ChartPane;

/** What every chart of the window offers: its menu, keys, clipboard, table, zoom and files; photographed. */
class ChartsUiTest extends WindowTest {

    // while a menu comes or goes, the display has no window that would hear a key or a button
    private static final int SETTLED_MILLIS = 600;

    private final Pictures pictures = new Pictures(this);

    @BeforeEach
    void openSample() {
        clickOn("#tab-model");
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").startsWith("6 of"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        await("it is drawn", () -> entity(
                        "#ranking", found -> RankingChart.layerOf(found).isPresent())
                .isPresent());
        hideNotices();
    }

    @Test
    void theMenuIsOpenedByMouseAndKeys() throws Exception {
        rightClickOn("#heatmap");
        await("the menu is open", () -> visible("#chart-menu-export"));
        assertThat(labels("#chart-menu .menu-item .label"))
                .contains(
                        "Export…", "Export all figures…", "Copy picture", "Copy values", "Show as table", "Reset zoom");
        closeNotices();

        interact(() -> lookup("#ranking").query().requestFocus());
        push(KeyCode.SHIFT, KeyCode.F10);
        await("the menu is open", () -> visible("#chart-menu-table"));
        closeNotices();
        await("it is closed", () -> !visible("#chart-menu-table"));
        // the robot presses another key for this one
        interact(() -> Event.fireEvent(
                lookup("#ranking").query(),
                new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.CONTEXT_MENU, false, false, false, false)));
        await("the menu is open", () -> visible("#chart-menu-table"));
        closeNotices();
        await("it is closed", () -> !visible("#chart-menu-table"));

        clickOn("#heatmap-menu");
        await("the menu is open", () -> visible("#chart-menu-export"));
        pictures.both("50-chart-menu");
        clickOn("#chart-menu-export");
        await("the dialog is open", () -> visible("#export-dpi"));
        push(KeyCode.ESCAPE);
        await("the dialog is closed", () -> !visible("#export-dpi"));
    }

    @Test
    void aTableStandsInForTheChart() throws Exception {
        ChartPane ranking = lookup("#ranking").query();
        assertThat(ranking.getAccessibleRole()).isEqualTo(AccessibleRole.IMAGE_VIEW);
        assertThat(ranking.getAccessibleText()).startsWith("Importance of layers");
        interact(ranking::requestFocus);
        await(
                "it says in words what it shows",
                () -> ranking.getAccessibleHelp() != null
                        && ranking.getAccessibleHelp().startsWith("12 rows. Importance: lowest "));

        push(KeyCode.SHIFT, KeyCode.F10);
        await("the menu is open", () -> visible("#chart-menu-table"));
        clickOn("#chart-menu-table");
        await("the table is there", () -> visible("#ranking-table"));
        await("it is filled", () -> table("#ranking-table").getItems().size() == 12);
        pictures.both("51-chart-table");
        String selected = words("#selection-count");
        push(KeyCode.DOWN);
        push(KeyCode.SPACE);
        assertThat(words("#selection-count")).as("keys are the table's").isEqualTo(selected);
        push(KeyCode.CONTROL, KeyCode.C);
        String copied = clipboardText();
        assertThat(copied).as("without columns that hold nothing").startsWith("Layer\tImportance\n");
        assertThat(copied.lines()).hasSize(13);
        push(KeyCode.ESCAPE);
        await("the chart is back", () -> !visible("#ranking-table"));
        assertThat(ranking.isFocused()).isTrue();

        choose("#heatmap", "#chart-menu-table");
        await("the values are there", () -> table("#heatmap-table").getItems().size() == 13);
        clickOn("#chart-back");
        await("the heatmap is back", () -> !visible("#heatmap-table"));
        moveTo(cellOfHeatmap(6, 5));
        await("it works as before", () -> words("#heatmap-readout").startsWith("Layer 5"));
    }

    @Test
    void aChartIsCopiedAsPictureAndAsValues() {
        ChartPane heatmap = lookup("#heatmap").query();
        clearClipboard();
        interact(heatmap::requestFocus);
        push(KeyCode.CONTROL, KeyCode.C);
        await(
                "both are copied",
                () -> Clipboard.getSystemClipboard().hasString()
                        && Clipboard.getSystemClipboard().hasImage());
        Image picture = onFx(() -> Clipboard.getSystemClipboard().getImage());
        assertThat(picture.getWidth()).isEqualTo(2 * Math.round(heatmap.getWidth()));
        assertThat(picture.getHeight()).isEqualTo(2 * Math.round(heatmap.getHeight()));
        assertThat(clipboardText()).startsWith("State\t0\t1\t2");

        clearClipboard();
        choose("#ranking", "#chart-menu-copy-values");
        await("the values are copied", () -> Clipboard.getSystemClipboard().hasString());
        assertThat(clipboardText()).startsWith("Layer\tImportance\tLow");
        assertThat(clipboardText().lines()).hasSize(13);

        clearClipboard();
        clickOn("#ranking-menu");
        await("the menu is open", () -> visible("#chart-menu-copy-picture"));
        clickOn("#chart-menu-copy-picture");
        await("the picture is copied", () -> Clipboard.getSystemClipboard().hasImage());
    }

    @Test
    void theWheelAndADragLookCloserAndBack() throws Exception {
        XYPlot plot = viewer("#heatmap").getChart().getXYPlot();
        Range all = plot.getDomainAxis().getRange();
        moveTo(cellOfHeatmap(6, 6));
        scroll(2, VerticalDirection.UP);
        assertThat(plot.getDomainAxis().getRange())
                .as("the wheel alone scrolls")
                .isEqualTo(all);
        press(KeyCode.CONTROL);
        scroll(3, VerticalDirection.UP);
        release(KeyCode.CONTROL);
        await("fewer cells are shown", () -> plot.getDomainAxis().getRange().getLength() < all.getLength());
        assertThat(plot.getRangeAxis().getRange().contains(6)).isTrue();
        pictures.both("52-chart-zoomed");
        moveTo(cellOfHeatmap(6, 5));
        await("a cell is read where it is now", () -> words("#heatmap-readout").startsWith("Layer 5"));
        choose("#heatmap", "#chart-menu-reset-zoom");
        await("all cells are shown", () -> plot.getDomainAxis().getRange().equals(all));

        // the ranking: a drag along the values, and not a click
        Range values =
                viewer("#ranking").getChart().getCategoryPlot().getRangeAxis().getRange();
        String selected = words("#selection-count");
        var bar = centre("#ranking", found -> RankingChart.layerOf(found).orElse(-1) == 8);
        moveTo(bar).press(MouseButton.PRIMARY).moveBy(60, 30).release(MouseButton.PRIMARY);
        await("less is shown", () -> values(values) < 0.9);
        assertThat(words("#selection-count")).isEqualTo(selected);
        push(KeyCode.DIGIT0);
        await("all is shown", () -> values(values) > 0.99);
        push(KeyCode.PLUS);
        await("plus looks closer", () -> values(values) < 0.9);
        push(KeyCode.MINUS);
        await("minus looks back", () -> values(values) > 0.99);
    }

    @Test
    void theDialogShowsWhatWillBeWrittenAndRemembersIt() throws Exception {
        push(KeyCode.CONTROL, KeyCode.E);
        await("the dialog is open", () -> visible("#export-dpi"));
        ImageView picture = lookup("#export-picture").query();
        await("it is previewed", () -> picture.getImage() != null && seen(picture));
        Image before = picture.getImage();
        pictures.both("53-export-png");
        clickOn("#export-titled");
        clickOn("#export-transparent");
        ChoiceBox<Boolean> theme = lookup("#export-theme").query();
        interact(() -> theme.setValue(true));
        await("it is drawn anew", () -> picture.getImage() != before);
        await(
                "it can be seen through",
                () -> picture.getImage().getPixelReader().getColor(1, 1).getOpacity() == 0);
        pictures.both("54-export-transparent");
        type("#export-width", "1000");
        type("#export-height", "1000");
        type("#export-dpi", "600");
        await("it is too large", () -> words("#export-pixels").contains("too large"));
        assertThat(exportButton().isDisabled()).isTrue();
        type("#export-width", "90");
        type("#export-height", "80");
        assertThat(exportButton().isDisabled()).isFalse();
        clickOn("#export-csv");
        await("the values are previewed", () -> words("#export-lines").startsWith("state,0,1,2"));
        assertThat(lookup("#export-width").query().isDisabled()).isTrue();
        pictures.both("55-export-csv");
        clickOn("#export-svg");
        await("the picture is previewed", () -> seen(picture));
        assertThat(lookup("#export-dpi").query().isDisabled()).isTrue();
        Path file = folder.resolve("heatmap.svg");
        Files.deleteIfExists(file);
        files.choose(file);
        clickOn("Export…");
        await("it is written", () -> Files.exists(file));
        assertThat(Files.readString(file))
                .contains("width=\"90mm\"", "height=\"80mm\"", "Similarity of hidden states by")
                .contains(">Hidden state</text>");
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        closeNotices();

        push(KeyCode.CONTROL, KeyCode.E);
        await("the dialog is open", () -> visible("#export-dpi"));
        assertThat(lookup("#export-width").<Spinner<Integer>>query().getValue()).isEqualTo(90);
        assertThat(lookup("#export-dpi").query().isDisabled()).as("SVG again").isTrue();
        push(KeyCode.ESCAPE);
        await("the dialog is closed", () -> !visible("#export-dpi"));
    }

    @Test
    void allFiguresAreWrittenAtOnce() throws Exception {
        Path place = Files.createTempDirectory(folder, "all");
        files.choose(place);
        choose("#heatmap", "#chart-menu-export-all");
        await("the dialog is open", () -> visible("#export-dpi"));
        assertThat(visible("#export-width")).as("each has its own size").isFalse();
        await(
                "one is previewed",
                () -> lookup("#export-picture").<ImageView>query().getImage() != null);
        pictures.both("56-export-all");
        clickOn("#export-png");
        clickOn("Export…");
        Path index = place.resolve("figures").resolve("index.md");
        await("they are written", () -> Files.exists(index));
        try (Stream<Path> written = Files.list(index.getParent())) {
            List<String> names =
                    written.map(path -> path.getFileName().toString()).toList();
            assertThat(names)
                    .contains(
                            "lengths-definitions.png",
                            "analysis-1-heatmap-definitions.png",
                            "analysis-1-heatmap-definitions.csv",
                            "analysis-1-importance-definitions.png");
            assertThat(Files.readString(index))
                    .contains(names.stream().filter(name -> name.endsWith("g")).collect(Collectors.toList()));
        }
        assertThat(ImageIO.read(place.resolve("figures/analysis-1-heatmap-definitions.png")
                        .toFile()))
                .isNotNull();
    }

    @Test
    void theDataHaveTheirHistogram() throws Exception {
        clickOn("#tab-data");
        await("it is there", () -> visible("#data-histogram"));
        pictures.both("57-data-histogram");
        moveTo("#data-histogram");
        await("the bar is read", () -> words("#data-lengths").contains("tokens:"));
        choose("#data-histogram", "#chart-menu-table");
        await(
                "its values are there",
                () -> !table("#data-histogram-table").getItems().isEmpty());
        clickOn("#chart-back");
    }

    @Test
    void cardsOfferTheSame() throws Exception {
        clickOn("#tab-stability");
        await("it offers to resample", () -> visible("#analyze-stability"));
        clickOn("#analyze-stability");
        await("it says how stable the selection is", () -> visible("#stability-probability"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        clickOn("#stability-probability-menu");
        await("the menu is open", () -> visible("#chart-menu-table"));
        clickOn("#chart-menu-table");
        await(
                "its values are there",
                () -> table("#stability-probability-table").getItems().size() == 12);
        pictures.both("58-stability-table");
        clickOn("#chart-back");
        await("the chart is back", () -> !visible("#stability-probability-table"));
        XYPlot plot = viewer("#stability-overlap-curve").getChart().getXYPlot();
        double all = plot.getDomainAxis().getRange().getLength();
        interact(() -> lookup("#stability-overlap-curve").query().requestFocus());
        push(KeyCode.PLUS);
        await("plus looks closer", () -> plot.getDomainAxis().getRange().getLength() < all);
        push(KeyCode.DIGIT0);
        await("0 looks back", () -> plot.getDomainAxis().getRange().getLength() == all);
        clickOn("#stability-overlap-curve-export");
        await("the dialog is open", () -> visible("#export-dpi"));
        push(KeyCode.ESCAPE);
        await("the dialog is closed", () -> !visible("#export-dpi"));
    }

    /** Chooses from the menu of a chart. */
    private void choose(String chart, String item) {
        sleep(SETTLED_MILLIS);
        rightClickOn(chart);
        await("the menu is open", () -> visible(item));
        clickOn(item);
    }

    /** How much of a range the ranking shows now. */
    private double values(Range all) {
        return viewer("#ranking")
                        .getChart()
                        .getCategoryPlot()
                        .getRangeAxis()
                        .getRange()
                        .getLength()
                / all.getLength();
    }

    private Node exportButton() {
        return lookup(".dialog-pane .button")
                .match((Node node) -> node instanceof javafx.scene.control.Button button
                        && button.getText().equals("Export…"))
                .query();
    }

    private void type(String spinner, String number) {
        clickOn(lookup(spinner).<Spinner<?>>query().getEditor());
        push(KeyCode.CONTROL, KeyCode.A);
        write(number);
        push(KeyCode.TAB);
    }

    private TableView<?> table(String within) {
        return from(lookup(within).queryAll()).lookup(".table-view").query();
    }

    private List<String> labels(String query) {
        return lookup(query).<Label>queryAll().stream().map(Label::getText).toList();
    }

    private void clearClipboard() {
        onFx(() -> Clipboard.getSystemClipboard().clear());
    }

    private String clipboardText() {
        return onFx(() -> Clipboard.getSystemClipboard().getString());
    }
}
