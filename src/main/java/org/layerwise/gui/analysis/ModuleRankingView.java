package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.CategoryPlot;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.analysis.ModulesViewModel.Shown;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.selection.LayerLocks;

/** Linear maps by importance; a click, or the arrow keys and Space, select single ones. */
final class ModuleRankingView extends VBox {

    private static final double LEAST_WIDTH = 240;

    private final ModulesViewModel modules;
    private final ObservableValue<ChartStyle> style;
    private final RankingScroll scroll;
    private final Label note = Nodes.label("", "readout");
    private final ChartPane bars;
    private List<Module> ranking = List.of();
    private @Nullable RankingChart chart;

    ModuleRankingView(ModulesViewModel modules, ChartFiles charts, ObservableValue<ChartStyle> style) {
        this.modules = modules;
        this.style = style;
        bars = new ChartPane(
                "module-ranking", new JFreeChart(new CategoryPlot()), charts.exports(), charts::moduleRanking);
        bars.onHover(entity -> modules.point(module(entity)));
        bars.onClick(entity -> {
            Module clicked = module(entity);
            if (clicked != null) {
                modules.toggle(clicked);
            }
        });
        ModuleKeys.of(bars, modules, List.of(KeyCode.UP, KeyCode.DOWN), this::move);
        scroll = new RankingScroll(bars);
        setMinWidth(LEAST_WIDTH);
        note.setId("module-ranking-note");
        note.setWrapText(true);
        Nodes.showWhen(note, note.textProperty().isNotEmpty());
        getStyleClass().add("chart-column");
        getChildren().setAll(bars.heading(Nodes.label(text("modules.ranking"), "heading")), scroll, note);
        modules.shownProperty().addListener((observable, was, is) -> show());
        modules.selectedProperty().addListener((observable, was, is) -> select());
        modules.highlightedProperty().addListener((observable, was, is) -> mark());
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show();
    }

    private void show() {
        Shown shown = modules.shownProperty().get();
        if (shown == null) {
            return;
        }
        int all = shown.importance().modules().size();
        ranking = shown.ranking();
        chart = new RankingChart(
                ImportanceData.of(shown.importance(), shown.title(), ranking.size()), style.getValue());
        bars.setMinHeight(chart.readableHeight());
        bars.show(chart.chart());
        note.setText(ranking.size() < all ? text("modules.most", ranking.size(), NumberTexts.exact(all)) : "");
        select();
    }

    private void select() {
        if (chart != null) {
            chart.select(rows(ranking, modules.selectedProperty().get().keySet()), LayerLocks.none());
            mark();
        }
    }

    /** Returns the rows of the selected linear maps. */
    static SortedSet<Integer> rows(List<Module> ranking, Iterable<String> selected) {
        SortedSet<String> names = new TreeSet<>();
        selected.forEach(names::add);
        SortedSet<Integer> rows = new TreeSet<>();
        IntStream.range(0, ranking.size())
                .filter(row -> names.contains(ranking.get(row).name()))
                .forEach(rows::add);
        return rows;
    }

    private void mark() {
        Module module = modules.highlightedProperty().get();
        int row = module == null ? -1 : ranking.indexOf(module);
        if (chart != null) {
            chart.highlight(row < 0 ? null : (Integer) row);
        }
        bars.setAccessibleText(
                text("modules.ranking") + ". " + (module == null ? text("modules.hover") : modules.readout(module)));
    }

    private @Nullable Module module(@Nullable ChartEntity entity) {
        OptionalInt row = RankingChart.layerOf(entity);
        return row.isPresent() && row.getAsInt() < ranking.size() ? ranking.get(row.getAsInt()) : null;
    }

    private void move(@Nullable Module from, KeyCode arrow) {
        int by = arrow == KeyCode.DOWN ? 1 : -1;
        if (!ranking.isEmpty()) {
            int at = from == null ? (by > 0 ? -1 : ranking.size()) : ranking.indexOf(from);
            int next = Math.max(0, Math.min(ranking.size() - 1, at + by));
            modules.point(ranking.get(next));
            scroll.reveal(next, ranking.size());
        }
    }
}
