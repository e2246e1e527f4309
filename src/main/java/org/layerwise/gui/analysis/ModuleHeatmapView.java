package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.ModuleImportanceChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.analysis.ModulesViewModel.Shown;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.Nodes;

/** Heatmap of the linear maps by type and layer; a click, or the arrow keys and Space, select single ones. */
final class ModuleHeatmapView extends VBox {

    private static final double LEAST_WIDTH = 280;
    private static final double LEAST_HEIGHT = 176;

    private final ModulesViewModel modules;
    private final ObservableValue<ColourMap> colours;
    private final ObservableValue<ChartStyle> style;
    private final Label readout = Nodes.label("", "readout", "figures");
    private final ChartPane pane;
    private @Nullable ModuleImportanceChart chart;

    ModuleHeatmapView(
            ModulesViewModel modules,
            ObservableValue<ColourMap> colours,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.modules = modules;
        this.colours = colours;
        this.style = style;
        pane = new ChartPane("modules", new JFreeChart(new XYPlot()), charts.exports(), charts::modules);
        pane.onHover(entity ->
                modules.point(chart == null ? null : chart.moduleOf(entity).orElse(null)));
        pane.onClick(entity -> Optional.ofNullable(chart)
                .flatMap(shown -> shown.moduleOf(entity))
                .ifPresent(modules::toggle));
        ModuleKeys.of(pane, modules, List.of(KeyCode.UP, KeyCode.DOWN, KeyCode.LEFT, KeyCode.RIGHT), this::move);
        pane.setMinHeight(LEAST_HEIGHT);
        VBox.setVgrow(pane, Priority.ALWAYS);
        setMinWidth(LEAST_WIDTH);
        readout.setId("modules-readout");
        getStyleClass().add("chart-column");
        getChildren()
                .setAll(
                        pane.heading(Nodes.label(text("modules.heatmap"), "heading")),
                        pane,
                        new ChartNotes(readout, Nodes.row(Nodes.label(text("modules.keys"), "caption"))));
        modules.shownProperty().addListener((observable, was, is) -> show());
        modules.selectedProperty().addListener((observable, was, is) -> select());
        modules.highlightedProperty().addListener((observable, was, is) -> mark());
        colours.addListener((observable, was, is) -> show());
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show();
    }

    private void show() {
        Shown shown = modules.shownProperty().get();
        if (shown != null) {
            chart = new ModuleImportanceChart(
                    shown.importance(), shown.layers(), shown.title(), colours.getValue(), style.getValue());
            pane.show(chart.chart());
            select();
        }
    }

    private void select() {
        if (chart != null) {
            chart.select(modules.selectedProperty().get().keySet());
            mark();
        }
    }

    private void mark() {
        Module module = modules.highlightedProperty().get();
        if (chart != null) {
            chart.highlight(module);
        }
        String words = module == null ? text("modules.hover") : modules.readout(module);
        readout.setText(words);
        pane.setAccessibleText(text("modules.heatmap") + ". " + words);
    }

    /** Goes to the next linear map in a direction, over layers without one; the first is at the top of layer 0. */
    private void move(@Nullable Module from, KeyCode code) {
        ModuleImportanceChart shown = chart;
        if (shown == null) {
            return;
        }
        int down = code == KeyCode.DOWN ? 1 : code == KeyCode.UP ? -1 : 0;
        int right = code == KeyCode.RIGHT ? 1 : code == KeyCode.LEFT ? -1 : 0;
        HeatmapChart.Pair at = from == null ? new HeatmapChart.Pair(-down, -right) : shown.cell(from);
        for (int row = at.row() + down, column = at.column() + right;
                row >= 0 && row < shown.rows() && column >= 0 && column < shown.columns();
                row += down, column += right) {
            Module next = shown.at(row, column);
            if (next != null) {
                modules.point(next);
                return;
            }
        }
    }
}
