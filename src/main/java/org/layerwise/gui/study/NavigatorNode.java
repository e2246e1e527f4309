package org.layerwise.gui.study;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/**
 * Node of the navigator.
 *
 * @param kind appearance of the node
 * @param pane pane that opens when the node is chosen
 * @param icon icon of the node; null for none
 * @param name text of the node
 * @param detail second line in muted text; may be empty
 * @param current true if the pane currently shows this object
 * @param choose makes the pane show this object
 */
record NavigatorNode(
        Kind kind, Pane pane, @Nullable Ikon icon, String name, String detail, boolean current, Runnable choose) {

    /** Appearance of a node. */
    enum Kind {
        SECTION,
        LEAF,
        HINT
    }
}
