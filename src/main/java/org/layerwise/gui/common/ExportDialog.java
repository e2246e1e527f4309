package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Locale;
import javafx.animation.PauseTransition;
import javafx.collections.FXCollections;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.ExportOptions.Format;

/** Dialog for the export options of a figure, with a preview. */
final class ExportDialog extends Dialog<ExportOptions> {

    private static final int STEP = 10;
    private static final double POINTS_STEP = 0.5;
    private static final double WIDTH = 130;
    private static final double FORM_WIDTH = 310;
    private static final Duration SETTLED = Duration.millis(150); // avoids a redraw at each step of a held spinner

    private final ExportForm question;
    private final ToggleGroup formats = new ToggleGroup();
    private final Spinner<Integer> width;
    private final Spinner<Integer> height;
    private final Spinner<Integer> dpi;
    private final Spinner<Double> points;
    private final ChoiceBox<Boolean> dark = new ChoiceBox<>(FXCollections.observableArrayList(List.of(false, true)));
    private final CheckBox transparent = new CheckBox(text("export.transparent"));
    private final CheckBox titled = new CheckBox(text("export.titled"));
    private final Label pixels = Nodes.label("", "muted");
    private final ExportPreview preview;
    private final PauseTransition settled = new PauseTransition(SETTLED);
    private final ButtonType export = new ButtonType(text("action.export"), ButtonData.OK_DONE);
    private final GridPane form = new GridPane();

    ExportDialog(ExportForm question) {
        this.question = question;
        ExportOptions from = question.suggested();
        width = whole(
                "export-width", ExportOptions.LEAST_MILLIMETRES, ExportOptions.MOST_MILLIMETRES, from.width(), STEP);
        height = whole(
                "export-height", ExportOptions.LEAST_MILLIMETRES, ExportOptions.MOST_MILLIMETRES, from.height(), STEP);
        dpi = whole("export-dpi", ExportOptions.LEAST_DPI, ExportOptions.MOST_DPI, from.dpi(), 1);
        points = Spinners.real(
                "export-points", ExportOptions.LEAST_POINTS, ExportOptions.MOST_POINTS, from.points(), POINTS_STEP);
        points.setPrefWidth(WIDTH);
        dark.setId("export-theme");
        dark.setValue(from.dark());
        dark.setMaxWidth(Double.MAX_VALUE);
        dark.setConverter(Nodes.words(isDark -> text(isDark ? "export.dark" : "export.light")));
        transparent.setId("export-transparent");
        transparent.setSelected(from.transparent());
        transparent.setMinWidth(Region.USE_PREF_SIZE);
        titled.setMinWidth(Region.USE_PREF_SIZE);
        titled.setId("export-titled");
        titled.setSelected(from.titled());
        pixels.setId("export-pixels");
        pixels.setWrapText(true);
        pixels.setMaxWidth(FORM_WIDTH);
        pixels.setMinHeight(Region.USE_PREF_SIZE);
        preview = new ExportPreview(question.preview());
        setTitle(text("app.name"));
        setHeaderText(question.title());
        fill();
        HBox content = new HBox(form, preview);
        content.getStyleClass().add("export-dialog");
        getDialogPane().setContent(content);
        getDialogPane().getButtonTypes().setAll(export, new ButtonType(text("action.cancel"), ButtonData.CANCEL_CLOSE));
        setResultConverter(button -> button == export ? options() : null);
        settled.setOnFinished(event -> preview.show(options()));
        List.of(width, height, dpi).forEach(spinner -> spinner.valueProperty().addListener((v, was, is) -> changed()));
        points.valueProperty().addListener((value, was, is) -> changed());
        dark.valueProperty().addListener((value, was, is) -> changed());
        transparent.selectedProperty().addListener((value, was, is) -> changed());
        titled.selectedProperty().addListener((value, was, is) -> changed());
        formats.selectedToggleProperty().addListener((toggle, was, is) -> {
            if (is == null) {
                formats.selectToggle(was); // keeps one of the formats selected
            } else {
                changed();
            }
        });
        changed();
        setOnHidden(event -> settled.stop());
    }

    private static Spinner<Integer> whole(String id, int least, int most, int start, int step) {
        Spinner<Integer> spinner = Spinners.of(id, least, most, start, step);
        spinner.setPrefWidth(WIDTH);
        return spinner;
    }

    private void fill() {
        form.getStyleClass().add("form");
        form.setMinWidth(FORM_WIDTH); // keeps the width of the dialog when the text below changes
        form.setMaxWidth(FORM_WIDTH);
        List<Format> offered = question.all() ? List.of(Format.PNG, Format.SVG) : List.of(Format.values());
        HBox switches = new HBox();
        switches.getStyleClass().add("segments");
        for (Format format : offered) {
            ToggleButton button = new ToggleButton(format.name());
            button.setId("export-" + format.name().toLowerCase(Locale.ROOT));
            button.setAccessibleText(text("export.format." + format.name().toLowerCase(Locale.ROOT)));
            Tooltips.set(button, text("export.format." + format.name().toLowerCase(Locale.ROOT)));
            button.setUserData(format);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setToggleGroup(formats);
            boolean first = format == offered.get(0);
            boolean last = format == offered.get(offered.size() - 1);
            button.getStyleClass().add(first ? "left-pill" : last ? "right-pill" : "center-pill");
            button.setSelected(format == question.suggested().format() || first);
            switches.getChildren().add(button);
        }
        int row = 0;
        form.add(Nodes.label(text("export.format")), 0, row);
        form.add(switches, 1, row++, 2, 1);
        if (!question.all()) {
            row(row++, "export.width", width, "export.millimetres");
            row(row++, "export.height", height, "export.millimetres");
        }
        row(row++, "export.dpi", dpi, "export.dots");
        row(row++, "export.points", points, "export.pt");
        row(row++, "export.theme", dark, null);
        form.add(new VBox(4, transparent, titled), 1, row++, 2, 1);
        form.add(pixels, 0, row, 3, 1);
    }

    private void row(int row, String key, Control control, @Nullable String unit) {
        Label caption = Nodes.caption(text(key), control);
        caption.getStyleClass().setAll("label");
        form.addRow(row, caption, control);
        if (unit != null) {
            form.add(Nodes.label(text(unit), "muted"), 2, row);
        }
    }

    private void changed() {
        Format format = format();
        boolean drawn = format != Format.CSV;
        for (Node node : new Node[] {width, height, points, dark, transparent, titled}) {
            node.setDisable(!drawn);
        }
        dpi.setDisable(format != Format.PNG);
        ExportOptions now = options();
        String mistake = !question.all() && now.tooSmall()
                ? text("export.small", now.points(), NumberTexts.exact(now.leastSide()))
                : now.mistake().orElse("");
        pixels.setText(mistake.isEmpty() ? facts(now) : mistake);
        Node button = getDialogPane().lookupButton(export);
        if (button != null) {
            button.setDisable(!mistake.isEmpty());
        }
        settled.playFromStart();
    }

    private String facts(ExportOptions now) {
        if (question.all()) {
            return text("export.all.facts");
        }
        return switch (now.format()) {
            case PNG ->
                text(
                        "export.pixels",
                        NumberTexts.exact(ExportOptions.dots(now.width(), now.dpi())),
                        NumberTexts.exact(ExportOptions.dots(now.height(), now.dpi())));
            case SVG -> text("export.svg.facts");
            case CSV -> text("export.csv.facts");
        };
    }

    private Format format() {
        return formats.getSelectedToggle() == null
                ? question.suggested().format()
                : (Format) formats.getSelectedToggle().getUserData();
    }

    private ExportOptions options() {
        return new ExportOptions(
                format(),
                width.getValue(),
                height.getValue(),
                dpi.getValue(),
                dark.getValue(),
                transparent.isSelected(),
                points.getValue(),
                titled.isSelected());
    }
}
