package org.layerwise.gui.shell;

import javafx.scene.Scene;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.layerwise.gui.session.History;

/** A field takes the keys of undo for itself, also where it has nothing to take back: then they are the study's. */
final class FieldUndo {

    private static final KeyCombination UNDO = KeyCombination.keyCombination("Shortcut+Z");
    private static final KeyCombination REDO = KeyCombination.keyCombination("Shortcut+Shift+Z");

    private FieldUndo() {}

    static void install(Scene scene, History history) {
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
