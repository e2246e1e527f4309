package org.layerwise.gui.common;

import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.event.EventHandler;
import javafx.scene.Node;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;

/**
 * Tooltips that are made when the pointer first comes to their node. A tooltip of JavaFX is a window with a scene of its own, and making
 * one takes as long as making some forty labels. The words are the node's accessible help, which screen readers read.
 */
public final class Tooltips {

    private static final double WIDTH = 480;

    private static final EventHandler<MouseEvent> FIRST_ENTRY = Tooltips::make;

    private Tooltips() {}

    /** Shows words while the pointer rests on a node, wrapped in lines; nothing if they are empty. */
    public static void set(Node node, String words) {
        node.setAccessibleHelp(words);
        await(node);
    }

    /** Shows the current words while the pointer rests on a node, wrapped in lines; nothing if they are empty. */
    public static void bind(Node node, ObservableValue<String> words) {
        node.accessibleHelpProperty().bind(words);
        await(node);
    }

    private static void await(Node node) {
        if (node.getProperties().putIfAbsent(Tooltips.class, true) == null) {
            node.addEventHandler(MouseEvent.MOUSE_ENTERED, FIRST_ENTRY);
        }
    }

    /** Makes the tooltip before JavaFX looks for one, which it does at the next movement of the pointer. */
    private static void make(MouseEvent entry) {
        Node node = (Node) entry.getSource();
        node.removeEventHandler(MouseEvent.MOUSE_ENTERED, FIRST_ENTRY);
        Tooltip tip = new Tooltip();
        tip.setWrapText(true);
        tip.setMaxWidth(WIDTH);
        ObjectProperty<String> words = node.accessibleHelpProperty();
        tip.textProperty().bind(words);
        words.subscribe(now -> {
            if (now == null || now.isEmpty()) {
                Tooltip.uninstall(node, tip);
            } else {
                Tooltip.install(node, tip);
            }
        });
    }
}
