package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import javafx.geometry.Bounds;
import javafx.geometry.Side;
import javafx.scene.Node;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;

/** Context menu of a chart and its keyboard shortcuts. */
final class ChartMenu {

    private static final KeyCombination COPY = KeyCombination.keyCombination("Shortcut+C");
    private static final KeyCombination MENU = KeyCombination.keyCombination("Shift+F10");

    private final ChartPane pane;
    private final ChartCopies copies;
    private final MenuItem export;
    private final MenuItem copyPicture;
    private final MenuItem copyValues;
    private final CheckMenuItem asTable = new CheckMenuItem(text("chart.table"));
    private final MenuItem resetZoom;
    private final ContextMenu menu = new ContextMenu();

    ChartMenu(ChartPane pane, ChartCopies copies) {
        this.pane = pane;
        this.copies = copies;
        export = item("export", text("chart.export"), Material2OutlinedAL.GET_APP, this::export);
        copyPicture = item("copy-picture", text("chart.copy.picture"), Material2OutlinedAL.IMAGE, copies::copyPicture);
        copyValues =
                item("copy-values", text("chart.copy.values"), Material2OutlinedAL.CONTENT_COPY, copies::copyValues);
        asTable.setId("chart-menu-table");
        asTable.setOnAction(event -> pane.tabulate(asTable.isSelected()));
        resetZoom = item("reset-zoom", text("chart.reset.zoom"), Material2OutlinedMZ.ZOOM_OUT_MAP, pane::resetZoom);
        resetZoom.setAccelerator(KeyCombination.keyCombination("0"));
        menu.getItems()
                .setAll(
                        export,
                        item("export-all", text("figures.export"), null, copies::exportAll),
                        new SeparatorMenuItem(),
                        copyPicture,
                        copyValues,
                        new SeparatorMenuItem(),
                        asTable,
                        resetZoom);
        menu.setId("chart-menu");
        menu.setAutoHide(true);
        menu.setOnShowing(event -> update());
        pane.setOnContextMenuRequested(event -> {
            if (event.isKeyboardTrigger()) {
                showInside();
            } else {
                menu.show(pane, event.getScreenX(), event.getScreenY());
            }
            event.consume();
        });
    }

    private static MenuItem item(String id, String words, @Nullable Ikon icon, Runnable action) {
        MenuItem item = new MenuItem(words);
        item.setId("chart-menu-" + id);
        if (icon != null) {
            item.setGraphic(Icons.of(icon));
        }
        item.setOnAction(event -> action.run());
        return item;
    }

    /** Opens the export dialog for the chart. */
    void export() {
        copies.export();
    }

    /** Opens the menu below a button. */
    void showBelow(Node button) {
        menu.show(button, Side.BOTTOM, 0, 0);
    }

    /** Handles the menu key, Shift+F10 and the copy keys. */
    void press(KeyEvent key) {
        if (key.getCode() == KeyCode.CONTEXT_MENU || MENU.match(key)) {
            showInside();
            key.consume();
        } else if (COPY.match(key)) {
            copies.copyBoth();
            key.consume();
        }
    }

    private void showInside() {
        Bounds bounds = pane.localToScreen(pane.getLayoutBounds());
        if (bounds != null && !menu.isShowing()) {
            menu.show(pane, bounds.getCenterX(), bounds.getCenterY());
        }
    }

    private void update() {
        boolean nothing = pane.figure() == null;
        export.setDisable(nothing);
        copyPicture.setDisable(nothing);
        copyValues.setDisable(nothing);
        asTable.setDisable(nothing && !pane.tabulated());
        asTable.setSelected(pane.tabulated());
        resetZoom.setDisable(!pane.zoom().zoomed());
    }
}
