package org.layerwise.gui.common;

import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;

/** Copies to the system clipboard. */
public final class Clipboards {

    private Clipboards() {}

    /** Copies plain text. */
    public static void put(String words) {
        ClipboardContent content = new ClipboardContent();
        content.putString(words);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
