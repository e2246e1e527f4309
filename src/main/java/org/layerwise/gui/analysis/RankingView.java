package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionShares;
import org.layerwise.study.analysis.MeasureResult;

/** Layers by importance; a click, or the arrow keys and Space, select layers. */
public final class RankingView extends VBox {

    private static final double LEAST_WIDTH = 220;

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final ObservableValue<ChartStyle> style;
    private final Label readout = Nodes.label("", "readout", "figures");
    private final ChartPane bars;
    private @Nullable RankingChart chart;
    private @Nullable MeasureResult shown;
    private @Nullable SelectionShares shares;

    public RankingView(
            AnalysisViewModel analysis,
            SelectionViewModel selection,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.analysis = analysis;
        this.selection = selection;
        this.style = style;
        bars = new ChartPane("ranking", new JFreeChart(new CategoryPlot()), charts.exports(), charts::ranking);
        bars.onHover(entity -> {
            OptionalInt layer = RankingChart.layerOf(entity);
            selection.highlightedProperty().set(layer.isPresent() ? (Integer) layer.getAsInt() : null);
        });
        bars.onClick(entity -> RankingChart.layerOf(entity).ifPresent(selection::toggle));
        bars.addEventHandler(KeyEvent.KEY_PRESSED, this::press);
        setMinWidth(LEAST_WIDTH);
        readout.setId("ranking-readout");
        getStyleClass().add("chart-column");
        getChildren()
                .setAll(
                        bars.heading(Nodes.label(text("analysis.ranking"), "heading")),
                        new RankingScroll(bars),
                        new ChartNotes(readout, hint()));
        analysis.resultProperty().addListener((observable, was, is) -> show());
        analysis.analysisProperty().addListener((observable, was, is) -> select());
        selection.selectionProperty().addListener((observable, was, is) -> select());
        selection.highlightedProperty().addListener((observable, was, is) -> mark());
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show();
        mark();
    }

    private static HBox hint() {
        HBox hint = new HBox(Nodes.label(text("analysis.keys"), "caption"));
        hint.getStyleClass().addAll("row", "chart-foot");
        return hint;
    }

    private void show() {
        MeasureResult result = analysis.resultProperty().get();
        if (result == null || result == shown) {
            return;
        }
        shown = result;
        RankingChart ranking = new RankingChart(
                ImportanceData.of(result.measure(), result.importance(), result.uncertainty(), result.baseline())
                        .with(analysis.kinds(result.importance().layers())),
                style.getValue());
        chart = ranking;
        bars.setMinHeight(ranking.readableHeight());
        bars.show(ranking.chart());
        select();
        mark();
    }

    private void select() {
        LayerSelection now = selection.selectionProperty().get();
        MeasureResult result = shown;
        if (chart != null
                && now != null
                && result != null
                && result.importance().layers() == now.of()) {
            shares = analysis.shares(result, now);
            chart.share(shares);
            chart.select(now.layers(), now.reason().locks());
            mark();
        }
    }

    private void press(KeyEvent key) {
        if (key.isConsumed() || key.isAltDown() || bars.tabulated()) {
            return; // meant for another control
        }
        Integer layer = selection.highlightedProperty().get();
        switch (key.getCode()) {
            case UP -> move(layer, -1);
            case DOWN -> move(layer, 1);
            case SPACE, ENTER -> {
                if (layer != null) {
                    selection.toggle(layer);
                }
            }
            default -> {
                return;
            }
        }
        key.consume();
    }

    private void move(@Nullable Integer from, int by) {
        List<Integer> order = order();
        if (order.isEmpty()) {
            return;
        }
        int at = from == null ? (by > 0 ? -1 : order.size()) : order.indexOf(from);
        selection.highlightedProperty().set(order.get(Math.max(0, Math.min(order.size() - 1, at + by))));
    }

    private List<Integer> order() {
        if (shown == null) {
            return List.of();
        }
        LayerImportance importance = shown.importance();
        List<Integer> order = new ArrayList<>(importance.ranking(UndefinedLayers.EXCLUDE));
        IntStream.range(0, importance.layers())
                .filter(layer -> importance.of(layer).isEmpty())
                .forEach(order::add);
        return order;
    }

    private void mark() {
        Integer layer = selection.highlightedProperty().get();
        MeasureResult result = shown;
        if (chart != null) {
            chart.highlight(layer);
        }
        String words =
                result == null || layer == null || layer >= result.importance().layers()
                        ? text("analysis.hover.bar")
                        : analysis.readout(result, shares, layer, state(layer));
        readout.setText(words);
        bars.setAccessibleText(text("analysis.ranking") + ". " + words);
    }

    private String state(int layer) {
        LayerSelection now = selection.selectionProperty().get();
        if (now == null) {
            return "";
        }
        if (selection.lock(layer) != LayerLock.NONE) {
            return text(selection.lock(layer) == LayerLock.ALWAYS ? "analysis.always" : "analysis.never");
        }
        return text(now.contains(layer) ? "analysis.selected" : "analysis.not.selected");
    }
}
