package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.layerwise.chart.style.ChartSize;

/** Copies a chart to the clipboard, as an image at the current zoom or as values separated by tabs. */
record ChartCopies(ChartPane pane, FigureExporter exports) {

    private static final int LEAST_SIDE = 200;

    void export() {
        Figure figure = pane.figure();
        if (figure != null) {
            exports.export(figure);
        }
    }

    void exportAll() {
        exports.exportAll();
    }

    /** Copies the image and the values together. A text editor pastes the values, a drawing program the image. */
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

    /** Returns the visible size, but at least 200 pixels per side for a pane that is almost closed. */
    private ChartSize size() {
        return new ChartSize((int) Math.max(LEAST_SIDE, Math.round(pane.getWidth())), (int)
                Math.max(LEAST_SIDE, Math.round(pane.getHeight())));
    }
}
