package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;

/** Page of the linear maps: heatmap and ranking, or the measures that have values of linear maps if the shown one has none. */
final class ModulesView extends StackPane {

    private static final double HEATMAP = 0.56;

    private final ModulesViewModel modules;
    private final VBox page;

    ModulesView(
            ModulesViewModel modules,
            RankBudgetViewModel budget,
            ObservableValue<ColourMap> colours,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.modules = modules;
        SplitPane split = new SplitPane(
                new ModuleHeatmapView(modules, colours, charts, style), new ModuleRankingView(modules, charts, style));
        split.setId("module-charts");
        split.setDividerPositions(HEATMAP);
        VBox.setVgrow(split, Priority.ALWAYS);
        Label remark = Nodes.sentence("modules-remark", modules.remarkProperty(), "notice");
        Nodes.showWhen(remark, modules.remarkProperty().isNotEmpty());
        TitledPane ranks = new TitledPane(text("budget.title"), new RankBudgetView(budget, modules));
        ranks.setId("budget-pane");
        ranks.getStyleClass().add("dense");
        ranks.setAnimated(false);
        ranks.setExpanded(false);
        budget.watchedProperty().bind(ranks.expandedProperty());
        page = new VBox(remark, split, ranks);
        page.getStyleClass().add("chart-column");
        modules.shownProperty().addListener((observable, was, is) -> show());
        show();
    }

    private void show() {
        getChildren().setAll(modules.shownProperty().get() == null ? others() : page);
    }

    private Node others() {
        EmptyState others = MeasureSuggestions.of(
                Material2OutlinedMZ.VIEW_MODULE,
                text("modules.none"),
                text("modules.none.advice"),
                "modules",
                modules.results(),
                modules::show);
        others.setId("no-modules");
        return others;
    }
}
