package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.SortedList;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.heatmap.HeatmapChart.Pair;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;
import org.layerwise.gui.prediction.ShownRows.Filter;
import org.layerwise.study.evaluation.PredictedRow;
import org.layerwise.study.evaluation.PredictedRow.Prediction;
import org.layerwise.study.evaluation.RowChange;
import org.layerwise.training.TaskKind;

/** Table of the predicted rows with their filters, and the selected row in full. */
final class RowsPage extends VBox {

    private static final double NUMBER_WIDTH = 64;
    private static final double NAME_WIDTH = 80;
    private static final double TEXT_WIDTH = 120;
    private static final double TABLE_HEIGHT = 120;

    private final PredictionsViewModel predictions;
    private final ShownRows rows;
    private final TableView<PredictedRow> table = new TableView<>();
    private final Label count = Nodes.label("", "muted");
    private final Button cell;
    private final ToggleGroup filters = new ToggleGroup();
    private final List<ToggleButton> ofTwo = new ArrayList<>();
    private final HBox segments = new HBox();
    private final TableColumn<PredictedRow, String> label =
            words(text("prediction.label"), NAME_WIDTH, PredictedRow::label);
    private final TableColumn<PredictedRow, String> predicted =
            words(text("prediction.predicted.class"), NAME_WIDTH, row -> row.prediction()
                    .name());
    private final TableColumn<PredictedRow, Number> probability =
            number(text("prediction.probability"), row -> row.prediction().probability(), RowsPage::significant);
    private final TableColumn<PredictedRow, Number> error =
            number("", row -> row.prediction().error(), RowsPage::significant);
    private final TableColumn<PredictedRow, String> otherPredicted =
            words(text("prediction.other.predicted"), NAME_WIDTH, row -> other(row, Prediction::name));
    private final TableColumn<PredictedRow, Number> otherError =
            number("", row -> row.other() == null ? Double.NaN : row.other().error(), RowsPage::significant);
    private final TableColumn<PredictedRow, String> change =
            words(text("prediction.change"), NUMBER_WIDTH, RowsPage::changed);
    private final RowDetails details = new RowDetails();

    RowsPage(PredictionsViewModel predictions) {
        this.predictions = predictions;
        rows = predictions.rows();
        table.setId("prediction-table");
        table.setAccessibleText(text("prediction.table"));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        TableColumn<PredictedRow, Number> number =
                number(text("prediction.row"), PredictedRow::number, row -> NumberTexts.exact(row.longValue()));
        number.setMaxWidth(NUMBER_WIDTH);
        table.getColumns()
                .setAll(List.of(
                        number,
                        words(text("prediction.text"), TEXT_WIDTH, PredictedRow::text),
                        label,
                        predicted,
                        probability,
                        error,
                        otherPredicted,
                        otherError,
                        change));
        SortedList<PredictedRow> sorted = new SortedList<>(rows.passing());
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        table.setPlaceholder(Nodes.label(text("prediction.no-rows"), "muted"));
        count.setId("prediction-count");
        cell = Nodes.button("prediction-cell", "", () -> rows.cellProperty().set(null));
        table.setMinHeight(TABLE_HEIGHT);
        VBox.setVgrow(table, Priority.ALWAYS);
        table.getSelectionModel().selectedItemProperty().subscribe(row -> details.show(row, shown()));
        Nodes.onKey(
                table,
                key -> key.getCode() == KeyCode.ESCAPE
                        && !table.getSelectionModel().isEmpty(),
                table.getSelectionModel()::clearSelection);
        getStyleClass().add("group");
        getChildren().setAll(bar(), table, details);
        rows.passing().addListener((ListChangeListener<PredictedRow>) change -> count());
        rows.cellProperty().subscribe(this::show);
        predictions.shownProperty().subscribe(this::show);
    }

    private @Nullable Shown shown() {
        return predictions.shownProperty().get();
    }

    private FlowPane bar() {
        for (Filter filter : Filter.values()) {
            ToggleButton button = new ToggleButton(text("prediction.filter." + filter.id()));
            button.setId("prediction-" + filter.id());
            button.setUserData(filter);
            button.setToggleGroup(filters);
            button.setOnAction(event -> {
                rows.filterProperty().set(filter);
                select(filter);
            });
            Tooltips.set(button, text("prediction.filter." + filter.id() + ".tip"));
            if (filter == Filter.FIXED || filter == Filter.BROKEN) {
                ofTwo.add(button);
            }
            segments.getChildren().add(button);
        }
        segments.getStyleClass().add("segments");
        rows.filterProperty().subscribe(this::select);
        TextField search = new TextField();
        search.setId("prediction-search");
        search.setPromptText(text("prediction.search"));
        search.setAccessibleText(text("prediction.search"));
        search.textProperty().bindBidirectional(rows.searchProperty());
        MenuItem csv = new MenuItem(text("prediction.export.csv"));
        csv.setOnAction(event -> predictions.exportCsv());
        MenuItem lines = new MenuItem(text("prediction.export.jsonl"));
        lines.setOnAction(event -> predictions.exportJsonLines());
        MenuButton export = new MenuButton(text("prediction.export"), null, csv, lines);
        export.setId("prediction-export");
        FlowPane bar = new FlowPane(segments, cell, search, export, count);
        bar.getStyleClass().add("fields");
        return bar;
    }

    private void select(Filter filter) {
        filters.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == filter));
    }

    private void show(@Nullable Shown shown) {
        table.getSelectionModel().clearSelection();
        if (shown == null) {
            return;
        }
        boolean classes = shown.result().measured().task() == TaskKind.CLASSIFICATION;
        boolean compared = shown.other() != null;
        ofTwo.forEach(button -> Nodes.show(button, compared));
        shape();
        Nodes.show(segments, classes);
        for (Filter filter : Filter.values()) {
            button(filter)
                    .setText(text(
                            "prediction.filter.count", text("prediction.filter." + filter.id()), rows.count(filter)));
        }
        columns(shown, classes);
        count();
    }

    private ToggleButton button(Filter filter) {
        return (ToggleButton) segments.getChildren().get(filter.ordinal());
    }

    /** Rounds the outer corners of the visible buttons. */
    private void shape() {
        List<ToggleButton> visible = Stream.of(Filter.values())
                .map(this::button)
                .filter(ToggleButton::isManaged)
                .toList();
        for (int at = 0; at < visible.size(); at++) {
            visible.get(at).getStyleClass().removeAll("left-pill", "center-pill", "right-pill");
            visible.get(at)
                    .getStyleClass()
                    .add(at == 0 ? "left-pill" : at == visible.size() - 1 ? "right-pill" : "center-pill");
        }
    }

    /** Shows the columns of the task, sorted by loss. */
    private void columns(Shown shown, boolean classes) {
        TaskKind task = shown.result().measured().task();
        boolean labelled = task != TaskKind.CAUSAL_LM;
        boolean compared = shown.other() != null;
        String name = text(task == TaskKind.REGRESSION ? "prediction.error" : "prediction.loss");
        error.setText(name);
        otherError.setText(text("prediction.other.error", name));
        label.setVisible(labelled);
        predicted.setVisible(labelled);
        probability.setVisible(classes);
        otherPredicted.setVisible(labelled && compared);
        otherError.setVisible(compared);
        change.setVisible(classes && compared);
        error.setSortType(TableColumn.SortType.DESCENDING);
        table.getSortOrder().setAll(List.of(error));
    }

    private static String significant(Number value) {
        return NumberTexts.significant(value.doubleValue());
    }

    private static String other(PredictedRow row, Function<Prediction, String> part) {
        return row.other() == null ? "" : part.apply(row.other());
    }

    /** Returns a word for rows that only one of the two models has right; empty for others. */
    private static String changed(PredictedRow row) {
        return row.change()
                .filter(change -> change == RowChange.FIXED || change == RowChange.BROKEN)
                .map(change -> text("prediction.change." + change.id()))
                .orElse("");
    }

    private static TableColumn<PredictedRow, String> words(
            String title, double width, Function<PredictedRow, String> value) {
        TableColumn<PredictedRow, String> column = new TableColumn<>(title);
        column.setMinWidth(width);
        if (width < TEXT_WIDTH) {
            column.setMaxWidth(2 * width);
        }
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        column.setCellFactory(whole -> new ValueCell<>(Function.identity(), Pos.CENTER_LEFT));
        return column;
    }

    private static TableColumn<PredictedRow, Number> number(
            String title, ToDoubleFunction<PredictedRow> value, Function<Number, String> words) {
        TableColumn<PredictedRow, Number> column = new TableColumn<>(title);
        column.setMinWidth(NUMBER_WIDTH);
        column.setMaxWidth(2 * NUMBER_WIDTH);
        column.getStyleClass().add("number-cell");
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.applyAsDouble(row.getValue())));
        column.setCellFactory(whole -> new ValueCell<>(words, Pos.CENTER_RIGHT));
        return column;
    }

    private void show(@Nullable Pair chosen) {
        Shown shown = shown();
        Nodes.show(cell, chosen != null && shown != null);
        if (chosen != null && shown != null) {
            List<String> names = shown.result().measured().details().classNames();
            cell.setText(text("prediction.cell", names.get(chosen.row()), names.get(chosen.column())));
        }
    }

    private void count() {
        count.setText(text("prediction.count", rows.passing().size(), rows.size()));
    }

    /** Cell with its own alignment: a cell of a column that was hidden before does not get that of the style sheet. */
    private static final class ValueCell<T> extends TableCell<PredictedRow, T> {

        private final Function<T, String> words;

        ValueCell(Function<T, String> words, Pos alignment) {
            this.words = words;
            setAlignment(alignment);
        }

        @Override
        protected void updateItem(@Nullable T value, boolean isEmpty) {
            super.updateItem(value, isEmpty);
            setText(isEmpty || value == null ? null : words.apply(value));
        }
    }
}
