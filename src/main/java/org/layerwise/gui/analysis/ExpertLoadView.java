package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.chart.heatmap.ExpertLoadChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.session.AnalysisEntry;

/** Heatmap of the tokens of each expert, for the displayed analysis of a model with experts. */
final class ExpertLoadView extends VBox {

    private final ChartFiles charts;
    private final ObservableValue<ColourMap> colours;
    private final ObservableValue<ChartStyle> style;
    private final Label summary = Nodes.label("", "muted");
    private final Label readout = Nodes.label("", "readout", "figures");
    private @Nullable ExpertLoadChart chart;
    private @Nullable ChartPane pane;

    ExpertLoadView(AnalysisViewModel analysis, ChartFiles charts, ObservableValue<ChartStyle> style) {
        this.charts = charts;
        this.colours = analysis.colours().mapProperty();
        this.style = style;
        summary.setId("experts-summary");
        summary.setWrapText(true);
        summary.setMinHeight(USE_PREF_SIZE);
        readout.setId("experts-readout");
        readout.setText(text("experts.hover"));
        readout.setMaxWidth(Double.MAX_VALUE);
        getStyleClass().add("chart-column");
        ObservableValue<@Nullable ExpertLoad> load = analysis.analysisProperty().map(ExpertLoadView::load);
        load.addListener((observable, was, is) -> show(is));
        colours.addListener((observable, was, is) -> show(load.getValue()));
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show(load.getValue());
    }

    /** Returns the load of experts of an analysis; null if it has none. */
    static @Nullable ExpertLoad load(@Nullable AnalysisEntry entry) {
        return entry == null ? null : entry.analysis().expertLoad();
    }

    private void show(@Nullable ExpertLoad load) {
        if (load == null) {
            chart = null;
            return;
        }
        chart = new ExpertLoadChart(load, colours.getValue(), style.getValue());
        if (pane == null) {
            pane = pane(chart);
        } else {
            pane.show(chart.chart());
        }
        summary.setText(load.summary());
        readout.setText(text("experts.hover"));
        pane.setAccessibleText(load.summary());
    }

    private ChartPane pane(ExpertLoadChart first) {
        ChartPane made = new ChartPane("experts", first.chart(), charts.exports(), charts::experts).wheelZooms();
        made.onHover(entity -> readout.setText(
                entity == null || entity.getToolTipText() == null ? text("experts.hover") : entity.getToolTipText()));
        setVgrow(made, Priority.ALWAYS);
        HBox row = new HBox(summary, Nodes.spring(), made.buttons());
        row.getStyleClass().add("spaced-row");
        HBox.setHgrow(summary, Priority.ALWAYS);
        getChildren().setAll(row, made, readout);
        return made;
    }
}
