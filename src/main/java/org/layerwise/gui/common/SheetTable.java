package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;

/** Table of a {@link Sheet} in the window. The copy keys copy the whole table; a cell's tooltip shows all digits. */
public final class SheetTable extends TableView<List<Cell>> {

    private static final KeyCombination COPY = KeyCombination.keyCombination("Shortcut+C");
    private static final double ROW_HEIGHT = 26;
    private static final double PADDING = 15;
    private static final double TITLE_LETTER = 6.6;
    private static final double LETTER = 7.4;
    private static final double DIGIT = 8; // long cells hold digits, which are wider than the average letter
    private static final int MANY_LETTERS = 12;
    private static final double BAR = 24;
    private static final double MOST_MORE = 60; // numbers that are far apart are hard to read along a row

    private List<Column> columns = List.of();
    private double[] widths = {};

    /**
     * Creates a table that follows an observable sheet.
     *
     * @param name name of the table for screen readers
     */
    public SheetTable(String id, String name, ObservableValue<Sheet> sheet) {
        setId(id);
        setAccessibleText(name);
        getStyleClass().addAll("dense", "sheet");
        setFixedCellSize(ROW_HEIGHT);
        widthProperty().addListener((width, was, is) -> share());
        setPlaceholder(Nodes.label(text("sheet.empty"), "muted"));
        addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (COPY.match(key)) {
                Clipboards.put(sheet.getValue().tsv());
                key.consume();
            }
        });
        sheet.addListener((observable, was, is) -> show(is));
        show(sheet.getValue());
    }

    /** Adds a listener for the selected row. It receives the index of the row, or null if no row is selected. */
    public void onRow(Consumer<@Nullable Integer> listener) {
        getSelectionModel().selectedIndexProperty().addListener((index, was, is) -> {
            if (isFocused()) {
                listener.accept(is.intValue() < 0 ? null : (Integer) is.intValue());
            }
        });
    }

    private void show(Sheet sheet) {
        if (!sheet.columns().equals(columns)) {
            getItems().clear(); // rows of the old columns may be shorter than the new columns need
            columns = sheet.columns();
            arrange();
        }
        getItems().setAll(sheet.rows());
        widths = IntStream.range(0, columns.size())
                .mapToDouble(at -> width(sheet, at))
                .toArray();
        share();
    }

    /** Makes the columns of the table. Columns that it had are kept, since JavaFX takes longest for their headings. */
    private void arrange() {
        List<TableColumn<List<Cell>, ?>> before = new ArrayList<>(getColumns());
        List<TableColumn<List<Cell>, ?>> now = new ArrayList<>();
        for (int at = 0; at < columns.size(); at++) {
            Column of = columns.get(at);
            SheetColumn column = before.stream()
                    .map(SheetColumn.class::cast)
                    .filter(old -> old.of.equals(of))
                    .findFirst()
                    .orElseGet(() -> new SheetColumn(of));
            before.remove(column);
            column.at = at;
            now.add(column);
        }
        getColumns().setAll(now);
    }

    /** Sets all columns to the width of their content and distributes the remaining width of the table. */
    private void share() {
        double needed = DoubleStream.of(widths).sum();
        double more = columns.isEmpty() ? 0 : Math.max(0, getWidth() - BAR - needed) / columns.size();
        for (int at = 0; at < widths.length; at++) {
            getColumns().get(at).setPrefWidth(widths[at] + Math.min(more, MOST_MORE));
        }
    }

    /** Estimates the width of a column from the length of its texts, in pixels. */
    private static double width(Sheet sheet, int at) {
        double cells = sheet.rows().stream()
                .mapToInt(row -> row.get(at).shown().length())
                .max()
                .orElse(0);
        double letter = cells > MANY_LETTERS ? DIGIT : LETTER;
        return PADDING + Math.max(TITLE_LETTER * sheet.columns().get(at).title().length(), letter * cells);
    }

    /** Column of the table for a column of the sheet, with its position there. */
    private static final class SheetColumn extends TableColumn<List<Cell>, String> {

        private final Column of;
        private int at;

        SheetColumn(Column of) {
            this.of = of;
            Label title = Nodes.label(of.title());
            if (!of.tip().isEmpty()) {
                Tooltips.set(title, of.tip());
            }
            setGraphic(title);
            setSortable(false);
            setReorderable(false);
            setCellValueFactory(
                    row -> new ReadOnlyStringWrapper(row.getValue().get(at).shown()));
            if (of.number()) {
                getStyleClass().add("number-cell");
            }
            setCellFactory(whole -> new SheetCell());
        }

        private final class SheetCell extends TableCell<List<Cell>, String> {

            SheetCell() {
                setAlignment(of.number() ? Pos.CENTER_RIGHT : Pos.CENTER_LEFT);
            }

            @Override
            protected void updateItem(@Nullable String words, boolean isEmpty) {
                super.updateItem(words, isEmpty);
                setText(isEmpty ? null : words);
                List<Cell> row = isEmpty ? null : getTableRow().getItem();
                // a cell of a removed column still receives the next row before it is removed
                String exact =
                        row == null || row.size() <= at ? "" : row.get(at).exact();
                Tooltips.set(this, exact.equals(words) ? "" : exact);
            }
        }
    }
}
