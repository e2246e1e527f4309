package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import java.util.function.IntFunction;
import javafx.beans.property.BooleanProperty;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;

/** A layer in the list: check box, kind if layers differ, importance, lock. */
final class LayerCell extends ListCell<Integer> {

    private static final PseudoClass LOCKED = PseudoClass.getPseudoClass("locked");
    private static final PseudoClass HIGHLIGHTED = PseudoClass.getPseudoClass("highlighted");

    private final SelectionViewModel selection;
    private final IntFunction<BooleanProperty> checked;
    private final CheckBox box = new CheckBox();
    private final Label name = new Label();
    private final Label kind = Nodes.label("", "caption");
    private final Label value = Nodes.label("", "figures", "muted");
    private final Button lock = new Button();
    private final FontIcon lockIcon = Icons.of(icon(LayerLock.NONE));
    private final HBox row = new HBox(box, name, kind, Nodes.spring(), value, lock);
    private @Nullable BooleanProperty shown;

    /** @param checked returns the property of a layer that is true while it is selected */
    LayerCell(SelectionViewModel selection, IntFunction<BooleanProperty> checked) {
        this.selection = selection;
        this.checked = checked;
        getStyleClass().add("layer-cell");
        row.getStyleClass().add("layer-row");
        row.setVisible(false);
        setGraphic(row);
        box.setFocusTraversable(false);
        name.setMinWidth(USE_PREF_SIZE);
        lock.setGraphic(lockIcon);
        lock.getStyleClass().addAll("button-icon", "flat", "lock");
        lock.setFocusTraversable(false); // the keyboard uses L instead
        lock.setOnAction(event -> {
            Integer layer = getItem();
            if (layer != null) {
                selection.setLock(layer, selection.lock(layer).next());
            }
        });
        setOnMouseClicked(event -> {
            Integer layer = getItem();
            if (layer != null && !isEmpty() && event.getButton() == MouseButton.PRIMARY && besideControls(event)) {
                selection.toggle(layer);
            }
        });
        hoverProperty()
                .addListener((hover, was, is) -> selection.highlightedProperty().set(is ? getItem() : null));
        selection.highlightedProperty().addListener((layer, was, is) -> mark());
    }

    @Override
    public void updateItem(@Nullable Integer layer, boolean isEmpty) {
        super.updateItem(layer, isEmpty);
        mark();
        if (shown != null) {
            box.selectedProperty().unbindBidirectional(shown);
        }
        if (isEmpty || layer == null) {
            shown = null;
            row.setVisible(false); // it stays in the cell: JavaFX would style it anew
            return;
        }
        BooleanProperty of = checked.apply(layer);
        box.selectedProperty().bindBidirectional(of);
        shown = of;
        row.setVisible(true);
        show(layer);
    }

    /** Shows what has changed of the layer. A cell may still have a layer of an earlier model until the list is laid out. */
    void refresh() {
        Integer layer = getItem();
        if (!isEmpty() && layer != null && getListView().getItems().contains(layer)) {
            show(layer);
        }
    }

    private void show(int layer) {
        name.setText(text("selection.layer", layer));
        LayerKinds kinds = selection.kinds();
        kind.setText(kinds.words(layer, LayerKind::mark));
        Tooltips.set(kind, kind.getText().isEmpty() ? "" : kinds.words(layer, LayerKind::title));
        LayerLock locked = selection.lock(layer);
        LayerImportance importance = selection.importanceProperty().get();
        String reason = importance == null ? "" : importance.reason(layer).orElse("");
        value.setText(
                importance == null || !reason.isEmpty()
                        ? "–"
                        : NumberTexts.significant(importance.of(layer).orElse(Double.NaN)));
        Tooltips.set(value, reason);
        lockIcon.setIconCode(icon(locked));
        String words = text("selection.lock." + locked.name().toLowerCase(Locale.ROOT));
        Tooltips.set(lock, words);
        lock.setAccessibleText(words);
        pseudoClassStateChanged(LOCKED, locked != LayerLock.NONE);
        box.setDisable(locked != LayerLock.NONE);
        setAccessibleText(text("selection.layer.accessible", layer, value.getText(), words));
    }

    /** Returns true if a click hit neither the check box nor the lock, which handle clicks themselves. */
    private static boolean besideControls(MouseEvent event) {
        for (Node at = event.getPickResult().getIntersectedNode(); at != null; at = at.getParent()) {
            if (at instanceof ButtonBase) {
                return false;
            }
        }
        return true;
    }

    private void mark() {
        Integer layer = getItem();
        pseudoClassStateChanged(
                HIGHLIGHTED,
                !isEmpty()
                        && layer != null
                        && layer.equals(selection.highlightedProperty().get()));
    }

    private static Ikon icon(LayerLock lock) {
        return switch (lock) {
            case NONE -> Material2OutlinedAL.LOCK_OPEN;
            case ALWAYS -> Material2OutlinedAL.LOCK;
            case NEVER -> Material2OutlinedAL.BLOCK;
        };
    }
}
