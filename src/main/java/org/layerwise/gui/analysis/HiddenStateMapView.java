package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.XYPlot;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.chart.map.HiddenStateMapChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.analysis.HiddenStateMapViewModel.Shown;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.SelectionViewModel;

/** Page with the map of hidden states, or the measures that have one if the shown one has none. */
final class HiddenStateMapView extends StackPane {

    private final HiddenStateMapViewModel model;
    private final SelectionViewModel selection;
    private final ObservableValue<ChartStyle> style;
    private final Label readout = Nodes.label("", "readout", "figures");
    private final ChartPane pane;
    private final VBox page;
    private @Nullable HiddenStateMapChart chart;
    private String share = "";

    HiddenStateMapView(
            HiddenStateMapViewModel model,
            SelectionViewModel selection,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.model = model;
        this.selection = selection;
        this.style = style;
        pane = new ChartPane("map", new JFreeChart(new XYPlot()), charts.exports(), charts::map).wheelZooms();
        pane.onHover(this::point);
        VBox.setVgrow(pane, Priority.ALWAYS);
        readout.setId("map-readout");
        readout.setMaxWidth(Double.MAX_VALUE);
        page = new VBox(pane.heading(Nodes.label(text("map.title"), "heading")), pane, readout);
        page.getStyleClass().add("chart-column");
        model.shownProperty().addListener((observable, was, is) -> show());
        model.resultProperty().addListener((observable, was, is) -> show());
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show();
    }

    private void show() {
        Shown shown = model.shownProperty().get();
        if (shown == null) {
            chart = null;
            getChildren().setAll(nothing());
            return;
        }
        chart = new HiddenStateMapChart(shown.map(), shown.result().measure().title(), style.getValue());
        pane.show(chart.chart());
        share = text("map.share", NumberTexts.share(shown.map().share()));
        point(null);
        getChildren().setAll(page);
    }

    private Node nothing() {
        boolean mappable =
                HiddenStateMapViewModel.isMappable(model.resultProperty().get());
        EmptyState nothing = mappable
                ? new EmptyState(Material2OutlinedMZ.SCATTER_PLOT, text("map.none"), text("map.undefined"))
                : MeasureSuggestions.of(
                        Material2OutlinedMZ.SCATTER_PLOT,
                        text("map.none"),
                        text("map.none.advice"),
                        "map",
                        model.results(),
                        model::show);
        nothing.setId("no-map");
        return nothing;
    }

    private void point(@Nullable ChartEntity entity) {
        HiddenStateMap.Point at = chart == null ? null : chart.pointOf(entity).orElse(null);
        selection.highlightedProperty().set(at == null || at.state() == 0 ? null : at.state() - 1);
        String words = at == null
                ? text("map.hover")
                : text(
                        "map.readout",
                        at.state() == 0
                                ? text("analysis.embedding")
                                : text("analysis.output", at.state(), at.state() - 1),
                        String.valueOf(at.x()),
                        String.valueOf(at.y()));
        readout.setText(words);
        pane.setAccessibleText(text("map.title") + ". " + share + " " + words);
    }
}
