package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableCell;
import javafx.scene.control.TreeTableColumn;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.model.ModelInspection;

/** Tensors of the open model as a table whose groups, one per layer, can be expanded. */
final class ArchitectureView extends VBox {

    private static final double LEAST_HEIGHT = 240;
    private static final double SEARCH_WIDTH = 200;
    private static final KeyCombination COPY = KeyCombination.keyCombination("Shortcut+C");

    private final ArchitectureViewModel architecture;
    private final TreeTableView<Line> table = new TreeTableView<>();
    private final Label total = Nodes.label("", "muted", "figures");
    private final Label note = Nodes.label("", "muted");

    /**
     * A row of the table, which makes its words when it is seen: a model may have thousands of tensors.
     *
     * @param tensor tensor of the group; null for the row of the group itself
     */
    private record Line(ArchitectureViewModel.Group group, ModelInspection.@Nullable Row tensor) {

        boolean ofGroup() {
            return tensor == null;
        }

        String module() {
            return tensor == null ? group.name() : tensor.module();
        }

        String shape() {
            return tensor == null ? text("architecture.tensors", group.rows().size()) : tensor.shapeText();
        }

        String type() {
            return tensor == null ? group.types() : tensor.dtype();
        }

        String parameters() {
            return NumberTexts.exact(tensor == null ? group.parameters() : tensor.parameters());
        }
    }

    ArchitectureView(ArchitectureViewModel architecture) {
        this.architecture = architecture;
        TextField search = new TextField();
        search.setId("architecture-search");
        search.setPromptText(text("architecture.search"));
        search.setAccessibleText(text("architecture.search"));
        search.setPrefWidth(SEARCH_WIDTH);
        search.textProperty().bindBidirectional(architecture.searchProperty());
        Button copy = Nodes.button("architecture-copy", text("architecture.copy"), this::copy);
        copy.setGraphic(Icons.of(Material2OutlinedAL.CONTENT_COPY));
        Tooltips.set(copy, text("architecture.copy.tip"));
        Label heading = Nodes.label(text("architecture.title"), "heading");
        heading.setMinWidth(USE_PREF_SIZE);
        Nodes.fillWidth(total);
        HBox row = Nodes.row(heading, total, search, copy);
        total.setId("architecture-total");
        total.setMinWidth(0);
        note.setId("architecture-note");
        note.setMinWidth(0);
        Nodes.showWhen(note, note.textProperty().isNotEmpty());
        table();
        setMinHeight(LEAST_HEIGHT);
        getStyleClass().add("group");
        getChildren().setAll(row, table, note);
        architecture.shownProperty().subscribe(this::fill);
    }

    private void table() {
        table.setId("architecture");
        table.setAccessibleText(text("architecture.title"));
        table.getStyleClass().add("dense");
        table.setShowRoot(false);
        table.setRoot(new TreeItem<>());
        table.setColumnResizePolicy(TreeTableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(Nodes.label(text("architecture.nothing"), "muted"));
        table.getColumns().add(column("architecture.module", 300, Line::module, "strong", false));
        table.getColumns().add(column("architecture.shape", 130, Line::shape, "faint", true));
        table.getColumns().add(column("architecture.type", 80, Line::type, "faint", false));
        table.getColumns().add(column("architecture.parameters", 130, Line::parameters, "strong", true));
        Nodes.onKey(table, COPY::match, this::copy);
        VBox.setVgrow(table, Priority.ALWAYS);
    }

    private void fill(List<ArchitectureViewModel.Group> groups) {
        TreeItem<Line> root = new TreeItem<>();
        for (ArchitectureViewModel.Group group : groups) {
            TreeItem<Line> item = new TreeItem<>(new Line(group, null));
            item.getChildren()
                    .setAll(group.rows().stream()
                            .map(tensor -> new TreeItem<>(new Line(group, tensor)))
                            .toList());
            item.setExpanded(architecture.searching());
            root.getChildren().add(item);
        }
        root.setExpanded(true);
        table.setRoot(root);
        total.setText(groups.isEmpty() ? "" : architecture.total());
        Tooltips.set(total, groups.isEmpty() ? "" : architecture.byType());
        note.setText(architecture.note());
        Tooltips.set(note, note.getText().isEmpty() ? "" : architecture.noted());
    }

    private void copy() {
        Clipboards.put(architecture.tsv());
    }

    private static TreeTableColumn<Line, String> column(
            String key, double width, Function<Line, String> value, String ofGroups, boolean number) {
        TreeTableColumn<Line, String> column = new TreeTableColumn<>(text(key));
        column.setSortable(false); // the rows are in the order of the computation
        column.setPrefWidth(width);
        column.setMinWidth(width / 2);
        column.setCellValueFactory(
                line -> new ReadOnlyStringWrapper(value.apply(line.getValue().getValue())));
        if (number) {
            column.getStyleClass().add("number-cell");
        }
        column.setCellFactory(of -> new TreeTableCell<>() {
            {
                if (number) {
                    getStyleClass().add("mono");
                }
                setAlignment(number ? Pos.CENTER_RIGHT : Pos.CENTER_LEFT);
            }

            @Override
            protected void updateItem(@Nullable String words, boolean isEmpty) {
                super.updateItem(words, isEmpty);
                setText(isEmpty ? null : words);
                getStyleClass().remove(ofGroups);
                Line line =
                        isEmpty || getTableRow() == null ? null : getTableRow().getItem();
                if (line != null && line.ofGroup()) {
                    getStyleClass().add(ofGroups);
                }
            }
        });
        return column;
    }
}
