package org.layerwise.gui.study;

import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TreeCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.study.NavigatorNode.Kind;

/** Tree cell of a navigator node: the title of a section, or an icon with two lines of text. */
final class NavigatorCell extends TreeCell<NavigatorNode> {

    private final Label name = new Label();
    private final Label detail = Nodes.label("", "caption");
    private final FontIcon icon = Icons.of(Material2OutlinedMZ.SCATTER_PLOT);
    private final HBox row = new HBox(icon, new VBox(name, detail));

    NavigatorCell() {
        getStyleClass().add("navigator-cell");
        setPrefWidth(0); // as wide as the tree, so that long names end in an ellipsis and no scroll bar appears
        ((VBox) name.getParent()).setMinWidth(0);
        row.getStyleClass().add("navigator-row");
        row.setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected void updateItem(@Nullable NavigatorNode node, boolean empty) {
        super.updateItem(node, empty);
        for (Kind kind : Kind.values()) {
            pseudoClassStateChanged(
                    PseudoClass.getPseudoClass(kind.name().toLowerCase(Locale.ROOT)),
                    !empty && node != null && node.kind() == kind);
        }
        if (empty || node == null) {
            showText(null);
        } else if (node.icon() == null) {
            showText(node.name());
        } else {
            show(node, node.icon());
        }
    }

    private void showText(@Nullable String words) {
        setText(words);
        setGraphic(null);
        Tooltips.set(this, "");
    }

    private void show(NavigatorNode node, Ikon of) {
        setText(null);
        icon.setIconCode(of);
        name.setText(node.name());
        name.getStyleClass().setAll("label", node.current() ? "strong" : "default-text");
        detail.setText(node.detail());
        setGraphic(row);
        Tooltips.set(this, node.name() + "\n" + node.detail());
        setAccessibleText(node.name() + ", " + node.detail());
    }
}
