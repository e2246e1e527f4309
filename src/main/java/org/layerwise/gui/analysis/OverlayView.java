package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.OptionalInt;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.analysis.OverlayViewModel.Over;
import org.layerwise.gui.analysis.OverlayViewModel.Overlay;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.SelectionViewModel;

/** Chart of importance by layer, with several measures or tasks overlaid. */
final class OverlayView extends VBox {

    private static final double CHOICE_WIDTH = 210;

    private final OverlayViewModel overlay;
    private final SelectionViewModel selection;
    private final ObservableValue<ChartStyle> style;
    private final ChartPane pane;
    private final Label note = Nodes.label("", "readout", "figures");
    private ImportanceOverlayChart chart;

    OverlayView(
            OverlayViewModel overlay,
            SelectionViewModel selection,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.overlay = overlay;
        this.selection = selection;
        this.style = style;
        chart = chart(overlay.overlayProperty().get());
        pane = new ChartPane("overlay", chart.chart(), charts.exports(), charts::overlay).wheelZooms();
        pane.onHover(entity -> {
            OptionalInt layer = ImportanceOverlayChart.layerOf(entity);
            selection.highlightedProperty().set(layer.isPresent() ? (Integer) layer.getAsInt() : null);
            note.setText(
                    entity == null || entity.getToolTipText() == null
                            ? text("overlay.hover")
                            : entity.getToolTipText());
        });
        pane.onClick(entity -> ImportanceOverlayChart.layerOf(entity).ifPresent(selection::toggle));
        VBox.setVgrow(pane, Priority.ALWAYS);
        note.setId("overlay-readout");
        note.setText(text("overlay.hover"));
        note.setMaxWidth(Double.MAX_VALUE);
        getStyleClass().add("chart-column");
        getChildren().setAll(choices(), pane, note);
        overlay.overlayProperty().addListener((observable, was, is) -> show(is));
        selection.highlightedProperty().addListener((observable, was, is) -> chart.highlight(is));
        style.addListener((observable, was, is) -> chart.restyle(is));
        show(overlay.overlayProperty().get());
    }

    private HBox choices() {
        ChoiceBox<Over> over = new ChoiceBox<>(FXCollections.observableArrayList(Over.values()));
        over.setId("overlay-of");
        over.setPrefWidth(CHOICE_WIDTH);
        over.setConverter(Nodes.words(of -> text(of == Over.MEASURES ? "overlay.measures" : "overlay.analyses")));
        over.valueProperty().bindBidirectional(overlay.overProperty());
        CheckBox scaled = new CheckBox(text("overlay.scaled"));
        scaled.setId("overlay-scaled");
        scaled.selectedProperty().bindBidirectional(overlay.scaledProperty());
        Tooltips.set(scaled, text("overlay.scaled.tip"));
        HBox row = new HBox(Nodes.caption(text("overlay.of"), over), over, scaled, Nodes.spring(), pane.buttons());
        row.getStyleClass().add("spaced-row");
        return row;
    }

    private ImportanceOverlayChart chart(Overlay shown) {
        return new ImportanceOverlayChart(shown.series(), shown.quantity(), shown.scaled(), style.getValue());
    }

    private void show(Overlay shown) {
        chart = chart(shown);
        pane.show(chart.chart());
        pane.setAccessibleText(text("overlay.title") + ": "
                + String.join(
                        ", ",
                        shown.series().stream()
                                .map(ImportanceOverlayChart.Series::label)
                                .toList()));
        chart.highlight(selection.highlightedProperty().get());
    }
}
