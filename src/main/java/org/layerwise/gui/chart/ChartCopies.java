package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.layerwise.chart.ChartSize;

/** Puts a chart on the clipboard: as the picture that is seen, or as its numbers with tabs between them. */
final class ChartCopies {

    private static final int LEAST_SIDE = 200;

    private final ChartPane pane;
    private final Exports exports;

    ChartCopies(ChartPane pane, Exports exports) {
        this.pane = pane;
        this.exports = exports;
    }

    void export() {
        Figure figure = pane.figure();
        if (figure != null) {
            exports.export(figure);
        }
    }

    void exportAll() {
        exports.exportAll();
    }

    /** Both: a text editor takes the numbers, a drawing program the picture. */
    void copyBoth() {
        Figure figure = pane.figure();
        if (figure != null) {
            exports.sheet(
                    figure,
                    sheet ->
                            exports.picture(figure, size(), chart -> pane.zoom().copyTo(chart), image -> {
                                ClipboardContent content = new ClipboardContent();
                                content.putImage(image);
                                content.putString(sheet.tsv());
                                put(content, text("chart.copied.both", figure.title()));
                            }));
        }
    }

    void copyPicture() {
        Figure figure = pane.figure();
        if (figure != null) {
            exports.picture(figure, size(), chart -> pane.zoom().copyTo(chart), image -> {
                ClipboardContent content = new ClipboardContent();
                content.putImage(image);
                put(content, text("chart.copied.picture", figure.title()));
            });
        }
    }

    void copyValues() {
        Figure figure = pane.figure();
        if (figure != null) {
            exports.sheet(figure, sheet -> {
                ClipboardContent content = new ClipboardContent();
                content.putString(sheet.tsv());
                put(content, text("chart.copied.values", figure.title()));
            });
        }
    }

    private void put(ClipboardContent content, String words) {
        Clipboard.getSystemClipboard().setContent(content);
        exports.copied(words);
    }

    /** As large as it is seen; a pane that is all but shut is no measure. */
    private ChartSize size() {
        return new ChartSize((int) Math.max(LEAST_SIDE, Math.round(pane.getWidth())), (int)
                Math.max(LEAST_SIDE, Math.round(pane.getHeight())));
    }
}
