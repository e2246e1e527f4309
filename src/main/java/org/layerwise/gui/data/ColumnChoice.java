package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.function.Function;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.ColumnMapping;
import org.layerwise.gui.session.StudySession.OpenData;

/**
 * Choice of the column for one role. The first item leaves the choice to the reader of the file, and names the column
 * that it used.
 */
final class ColumnChoice extends ComboBox<String> {

    private final DataViewModel data;
    private final Function<ColumnMapping, @Nullable String> role;

    /**
     * @param column chosen column; empty to leave the choice to the reader
     * @param role the column of this role among the columns that were used
     */
    ColumnChoice(String id, DataViewModel data, StringProperty column, Function<ColumnMapping, @Nullable String> role) {
        this.data = data;
        this.role = role;
        setId(id);
        ObservableList<String> names = FXCollections.observableArrayList("");
        setItems(names);
        names.addAll(data.columns());
        data.columns().addListener((ListChangeListener<String>) change -> {
            String chosen = column.get();
            names.setAll(data.columns());
            names.add(0, "");
            column.set(names.contains(chosen) ? chosen : "");
            setValue(column.get());
        });
        valueProperty().addListener((value, was, is) -> column.set(is == null ? "" : is));
        column.addListener((value, was, is) -> setValue(is));
        setValue(column.get());
        data.dataProperty().subscribe(this::showUsed);
    }

    /** Shows the name of the column that was used, in new cells because cells do not follow the data. */
    private void showUsed(@Nullable OpenData open) {
        String used = open == null ? null : role.apply(open.preview().used());
        String shown = used == null ? text("data.column.none") : used;
        setButtonCell(new NameCell(shown));
        setCellFactory(list -> new NameCell(used == null ? text("data.column.none") : text("data.column.found", used)));
    }

    /** Returns true if the columns of the open data are the ones to choose from. */
    boolean known() {
        return !data.columns().isEmpty() && !data.sample();
    }

    private static final class NameCell extends ListCell<String> {

        private final String first;

        /** @param first words of the item without a name */
        NameCell(String first) {
            this.first = first;
        }

        @Override
        protected void updateItem(@Nullable String name, boolean isEmpty) {
            super.updateItem(name, isEmpty);
            setText(isEmpty || name == null ? null : name.isEmpty() ? first : name);
        }
    }
}
