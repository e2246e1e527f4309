package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;

/** A group of fields under its title: the basic fields, and a button that unfolds the advanced ones. */
final class FieldGroupView extends VBox {

    private static final double NAME_WIDTH = 124;
    private static final Insets BETWEEN = new Insets(4, 0, 4, 0);

    private final FieldGroup group;
    private final ToggleButton more = new ToggleButton();

    FieldGroupView(FieldGroup group, FieldEditors editors) {
        this.group = group;
        GridPane rare = grid(group.rare(), editors);
        rare.setId("rare-" + group.key());
        Nodes.showWhen(rare, more.selectedProperty());
        more.setId("more-" + group.key());
        more.getStyleClass().addAll("small", "flat", "fold");
        more.setAccessibleText(text("training.more.of", group.title()));
        more.graphicProperty()
                .bind(more.selectedProperty()
                        .map(open ->
                                Icons.of(open ? Material2OutlinedAL.EXPAND_LESS : Material2OutlinedAL.EXPAND_MORE)));
        group.rare().forEach(field -> {
            field.valueProperty().addListener((value, was, is) -> count());
            field.mistakeProperty().subscribe(mistake -> {
                if (!mistake.isEmpty()) {
                    more.setSelected(true); // so that an error is always visible
                }
            });
        });
        more.selectedProperty().subscribe(selected -> count());
        getStyleClass().add("form-group");
        getChildren().setAll(Nodes.label(group.title(), "heading"), grid(group.usual(), editors), more, rare);
    }

    private void count() {
        long changed = group.rare().stream().filter(Field::changed).count();
        more.setText(text(
                more.isSelected() ? "training.fewer" : "training.more",
                group.rare().size(),
                changed));
    }

    private static GridPane grid(List<Field<?>> fields, FieldEditors editors) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("form-grid");
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(NAME_WIDTH);
        names.setPrefWidth(NAME_WIDTH);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        values.setMinWidth(0);
        grid.getColumnConstraints().setAll(names, values);
        int row = 0;
        for (Field<?> field : fields) {
            Node editor = editors.editor(field);
            Label name = Nodes.wrapped(Nodes.label(field.name()));
            name.setLabelFor(editor);
            Tooltips.set(name, field.tip());
            Label mistake = Nodes.sentence("mistake-" + field.key(), field.mistakeProperty(), "mistake");
            BooleanBinding wrong = Bindings.createBooleanBinding(
                    () -> field.shownProperty().getValue()
                            && !field.mistakeProperty().get().isEmpty(),
                    field.shownProperty(),
                    field.mistakeProperty());
            Nodes.showWhen(name, field.shownProperty());
            Nodes.showWhen(editor, field.shownProperty());
            Nodes.showWhen(mistake, wrong);
            // margins instead of a gap between rows: the gaps of hidden fields would add up
            GridPane.setMargin(name, BETWEEN);
            GridPane.setMargin(editor, BETWEEN);
            grid.addRow(row++, name, editor);
            grid.add(mistake, 1, row++);
        }
        return grid;
    }
}
