package org.layerwise.gui.navigator;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/**
 * A node of the navigator.
 *
 * @param pane what choosing it opens
 * @param detail a second, quieter line; may be empty
 * @param current whether it is what the pane shows
 * @param choose makes the pane show it
 */
record NavigatorNode(
        Kind kind, Pane pane, @Nullable Ikon icon, String name, String detail, boolean current, Runnable choose) {

    /** How it looks. */
    enum Kind {
        SECTION,
        LEAF,
        HINT
    }
}
