package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.study.evaluation.PredictedRow;

/** Predicts rows with runs of a tiny model in the real window. */
class PredictionsUiTest extends WindowTest {

    @BeforeEach
    void openSample() {
        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").equals("6 of 12 layers"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        closeNotices();
    }

    @Test
    void aModelWithoutAHeadSaysWhatToDo() {
        clickOn("#tab-predictions");
        await("the pane is there", () -> visible("#prediction-start"));
        clickOn("#prediction-start");
        await("it is refused", () -> lookup(".problem-bar .label").queryAllAs(Label.class).stream()
                .anyMatch(label -> label.getText().contains("has no classification head")));
    }

    @Test
    void rowsOfARunAreSeenAndComparedWithAnotherRun() throws Exception {
        train();
        clickOn("#run-predictions");
        await("its adapter predicts", () -> side("#prediction-of").startsWith("Run 1"));
        clickOn("#prediction-start");
        await("it is done", () -> visible("#prediction-metrics"));
        hideNotices();
        assertThat(words("#prediction-name")).startsWith("Run 1");
        assertThat(words("#prediction-rows")).isEqualTo("512 validation rows of definitions, limited by Samples");
        new Pictures(this).both("36-predictions");
        clickOn("#prediction-page-rows");
        await("the rows are shown", () -> visible("#prediction-table"));
        assertThat(visible("#prediction-fixed")).isFalse();
        TableView<PredictedRow> table = lookup("#prediction-table").query();
        int all = table.getItems().size();
        new Pictures(this).both("37-predictions-rows");

        clickOn("#prediction-wrong");
        await("only wrong rows are shown", () -> table.getItems().stream().allMatch(PredictedRow::wrong));
        assertThat(table.getItems()).isNotEmpty().hasSizeLessThan(all);
        clickOn("#prediction-all");
        PredictedRow worst = table.getItems().get(0);
        assertThat(table.getItems())
                .allMatch(row -> row.prediction().error() <= worst.prediction().error());
        clickOn("#prediction-page-scores");
        await("the chart is drawn", () -> entity(
                        "#confusion", entity -> HeatmapChart.pairOf(entity).isPresent())
                .isPresent());
        clickOn(centre("#confusion", entity -> HeatmapChart.pairOf(entity)
                .filter(pair -> pair.row() == worst.labelClass()
                        && pair.column() == worst.prediction().predictedClass())
                .isPresent()));
        await("only the rows of the cell are shown", () -> visible("#prediction-cell"));
        assertThat(table.getItems())
                .contains(worst)
                .allMatch(row -> row.labelClass() == worst.labelClass()
                        && row.prediction().predictedClass()
                                == worst.prediction().predictedClass());
        clickOn("#prediction-cell");
        await("all rows are shown", () -> table.getItems().size() == all);
        clickOn("#prediction-search");
        write(worst.text());
        await("only rows with the text are shown", () -> table.getItems().size() < all);
        assertThat(table.getItems()).contains(worst);

        clickOn("#tab-training");
        clickOn("#field-lr");
        push(KeyCode.CONTROL, KeyCode.A);
        write("0.05");
        train();
        clickOn("#tab-predictions");
        onFx(() -> {
            ComboBox<?> other = lookup("#prediction-other").query();
            other.getSelectionModel().selectLast();
            return null;
        });
        clickOn("#prediction-start");
        await("two are compared", () -> words("#prediction-name").contains("compared with Run 2"));
        hideNotices();
        clickOn("#prediction-page-scores");
        new Pictures(this).both("38-predictions-compared");
        clickOn("#prediction-page-rows");
        clickOn("#prediction-search");
        push(KeyCode.CONTROL, KeyCode.A);
        push(KeyCode.DELETE);
        await("all rows are shown", () -> table.getItems().size() == all);
        assertThat(visible("#prediction-broken")).isTrue();
        onFx(() -> {
            table.getSelectionModel().select(0);
            return null;
        });
        await("the row is shown in full", () -> visible("#prediction-row"));
        assertThat(words("#prediction-row-other")).startsWith("Run 2");
        new Pictures(this).both("39-predictions-compared-rows");
        Path file = lab().folder("rows").resolveSibling("rows.csv");
        files.choose(file);
        clickOn("#prediction-export");
        push(KeyCode.DOWN);
        push(KeyCode.ENTER);
        await("the rows are written", () -> Files.exists(file));
        assertThat(Files.readAllLines(file)).hasSize(all + 1).first().asString().endsWith(",change");
    }

    private void train() {
        clickOn("#tab-training");
        clickOn("#train");
        await("it is done", () -> words("#run-state").startsWith("finished"));
        hideNotices();
    }

    private String side(String query) {
        return Objects.toString(
                onFx(() -> {
                    ComboBox<Object> choice = lookup(query).query();
                    return choice.getConverter().toString(choice.getValue());
                }),
                "");
    }
}
