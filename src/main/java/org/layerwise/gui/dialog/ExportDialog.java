package org.layerwise.gui.dialog;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import javafx.collections.FXCollections;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.layout.GridPane;
import javafx.util.StringConverter;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.control.Spinners;
import org.layerwise.gui.text.Figures;

/** Asks for size, resolution and colours of a picture. */
final class ExportDialog extends Dialog<ExportOptions> {

    private static final int STEP = 10;
    private static final double WIDTH = 140;

    private final Spinner<Integer> width;
    private final Spinner<Integer> height;
    private final Spinner<Integer> dpi;
    private final ChoiceBox<Boolean> dark = new ChoiceBox<>(FXCollections.observableArrayList(List.of(false, true)));
    private final Label pixels = Nodes.label("", "muted");

    ExportDialog(String title, ExportOptions suggested) {
        width = Spinners.of(
                "export-width",
                ExportOptions.LEAST_MILLIMETRES,
                ExportOptions.MOST_MILLIMETRES,
                suggested.width(),
                STEP);
        height = Spinners.of(
                "export-height",
                ExportOptions.LEAST_MILLIMETRES,
                ExportOptions.MOST_MILLIMETRES,
                suggested.height(),
                STEP);
        dpi = Spinners.of("export-dpi", ExportOptions.LEAST_DPI, ExportOptions.MOST_DPI, suggested.dpi(), 1);
        dark.setId("export-theme");
        dark.setValue(suggested.dark());
        dark.setMaxWidth(Double.MAX_VALUE);
        dark.setConverter(new StringConverter<>() {
            @Override
            public String toString(Boolean isDark) {
                return text(isDark ? "export.dark" : "export.light");
            }

            @Override
            public Boolean fromString(String words) {
                return text("export.dark").equals(words);
            }
        });
        setTitle(text("app.name"));
        setHeaderText(title);
        getDialogPane().setContent(form());
        ButtonType export = new ButtonType(text("action.export"), ButtonData.OK_DONE);
        getDialogPane().getButtonTypes().setAll(export, new ButtonType(text("action.cancel"), ButtonData.CANCEL_CLOSE));
        setResultConverter(button -> button == export ? options() : null);
        List.of(width, height, dpi).forEach(spinner -> spinner.valueProperty().addListener((v, was, is) -> measure()));
        measure();
    }

    private GridPane form() {
        GridPane form = new GridPane();
        form.getStyleClass().add("form");
        form.addRow(0, caption("export.width", width), width, Nodes.label(text("export.millimetres"), "muted"));
        form.addRow(1, caption("export.height", height), height, Nodes.label(text("export.millimetres"), "muted"));
        form.addRow(2, caption("export.dpi", dpi), dpi, Nodes.label(text("export.dots"), "muted"));
        form.addRow(3, caption("export.theme", dark), dark);
        form.add(pixels, 1, 4, 2, 1);
        return form;
    }

    private static Label caption(String key, Control control) {
        Label caption = Nodes.caption(text(key), control);
        caption.getStyleClass().setAll("label");
        control.setPrefWidth(WIDTH);
        return caption;
    }

    private void measure() {
        int resolution = dpi.getValue();
        pixels.setText(text(
                "export.pixels",
                Figures.exact(ExportOptions.dots(width.getValue(), resolution)),
                Figures.exact(ExportOptions.dots(height.getValue(), resolution))));
    }

    private ExportOptions options() {
        return new ExportOptions(width.getValue(), height.getValue(), dpi.getValue(), dark.getValue());
    }
}
