package org.layerwise.gui.app;

import javafx.scene.Scene;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.layerwise.gui.session.UndoHistory;

/**
 * Passes the undo and redo keys on to the study when the focused text field has nothing to undo or redo. A JavaFX text
 * field consumes these keys even then.
 */
final class FieldUndo {

    private static final KeyCombination UNDO = KeyCombination.keyCombination("Shortcut+Z");
    private static final KeyCombination REDO = KeyCombination.keyCombination("Shortcut+Shift+Z");

    private FieldUndo() {}

    static void install(Scene scene, UndoHistory history) {
        scene.addEventFilter(KeyEvent.KEY_PRESSED, key -> {
            if (!(scene.getFocusOwner() instanceof TextInputControl field)) {
                return;
            }
            if (UNDO.match(key) && !field.isUndoable()) {
                history.undo();
                key.consume();
            } else if (REDO.match(key) && !field.isRedoable()) {
                history.redo();
                key.consume();
            }
        });
    }
}
