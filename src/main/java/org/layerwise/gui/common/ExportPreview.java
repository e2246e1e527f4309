package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.layout.StackPane;
import org.layerwise.gui.common.ExportOptions.Format;

/**
 * Preview of the file to export: the figure on a board that shows through a transparent background, or the first lines
 * of the table.
 */
final class ExportPreview extends StackPane {

    private static final int WIDTH = 420;
    private static final int HEIGHT = 340;
    private static final int LINES = 18;
    private static final int SHARP = 2; // dots per pixel, for high-resolution screens

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final ExportForm.Preview preview;
    private final ImageView picture = new ImageView();
    private final StackPane board = new StackPane(picture);
    private final Label words = Nodes.label("", "export-lines");

    ExportPreview(ExportForm.Preview preview) {
        this.preview = preview;
        setId("figure-preview");
        getStyleClass().add("export-preview");
        setAccessibleText(text("export.preview"));
        setMinSize(WIDTH, HEIGHT);
        setPrefSize(WIDTH, HEIGHT);
        setMaxSize(WIDTH, HEIGHT);
        picture.setId("export-picture");
        picture.setPreserveRatio(true);
        picture.setSmooth(true);
        board.getStyleClass().add("export-board");
        board.setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        words.setId("export-lines");
        words.setMaxWidth(Double.MAX_VALUE);
        getChildren().setAll(board, words);
        say(text("export.drawing"));
    }

    void show(ExportOptions options) {
        board.pseudoClassStateChanged(DARK, options.dark());
        if (options.format() == Format.CSV) {
            preview.table(LINES, this::say, this::say);
            return;
        }
        preview.picture(
                options,
                SHARP * WIDTH,
                SHARP * HEIGHT,
                drawn -> {
                    picture.setImage(drawn);
                    picture.setFitWidth(Math.min(WIDTH, drawn.getWidth() / SHARP));
                    picture.setFitHeight(Math.min(HEIGHT, drawn.getHeight() / SHARP));
                    board.setVisible(true);
                    words.setVisible(false);
                },
                this::say);
    }

    private void say(String lines) {
        words.setText(lines);
        words.setVisible(true);
        board.setVisible(false);
    }
}
