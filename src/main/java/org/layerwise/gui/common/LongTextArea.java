package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.stream.Collectors;
import javafx.scene.control.TextArea;

/** Read-only area for whole texts with their line breaks. Only the start of an extremely long text is shown. */
public final class LongTextArea extends TextArea {

    /** Characters of a text that are shown; a text area is slow with longer ones. */
    public static final int MOST = 100_000;

    public LongTextArea(String id) {
        setId(id);
        setEditable(false);
        setWrapText(true);
    }

    /** Shows texts from their start, with an empty line between them. */
    public void show(List<String> texts) {
        setText(texts.stream().map(LongTextArea::limited).collect(Collectors.joining("\n\n")));
        setScrollTop(0);
    }

    private static String limited(String whole) {
        return whole.length() <= MOST
                ? whole
                : whole.substring(0, MOST) + "\n" + text("text.more", NumberTexts.exact(whole.length() - MOST));
    }
}
