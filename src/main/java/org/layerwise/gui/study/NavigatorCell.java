package org.layerwise.gui.study;

import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.study.NavigatorNode.Kind;

/** Tree cell of a navigator node: the title of a section, or an icon with two lines of text. */
final class NavigatorCell extends TreeCell<NavigatorNode> {

    NavigatorCell() {
        getStyleClass().add("navigator-cell");
        setPrefWidth(0); // as wide as the tree, so that long names end in an ellipsis and no scroll bar appears
    }

    @Override
    protected void updateItem(@Nullable NavigatorNode node, boolean empty) {
        super.updateItem(node, empty);
        setText(null);
        for (Kind kind : Kind.values()) {
            pseudoClassStateChanged(
                    PseudoClass.getPseudoClass(kind.name().toLowerCase(Locale.ROOT)),
                    !empty && node != null && node.kind() == kind);
        }
        if (empty || node == null) {
            setGraphic(null);
            setTooltip(null);
            return;
        }
        if (node.icon() == null) {
            setGraphic(null);
            setText(node.name());
            setTooltip(null);
            return;
        }
        Label name = Nodes.label(node.name(), node.current() ? "strong" : "default-text");
        Label detail = Nodes.label(node.detail(), "caption");
        VBox lines = new VBox(name, detail);
        lines.setMinWidth(0);
        HBox row = new HBox(Icons.of(node.icon()), lines);
        row.getStyleClass().add("navigator-row");
        row.setAlignment(Pos.CENTER_LEFT);
        setGraphic(row);
        setTooltip(new Tooltip(node.name() + "\n" + node.detail()));
        setAccessibleText(node.name() + ", " + node.detail());
    }
}
