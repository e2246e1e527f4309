package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;

/** Chosen rankings overlaid in a chart, and a table of them. */
final class RankingsPage extends VBox {

    private static final double CHART = 300;
    private static final double TABLE = 180;

    private final ChartCard card;
    private final ObjectProperty<@Nullable Integer> highlighted;
    private final ObservableValue<ChartStyle> style;
    private @Nullable ImportanceOverlayChart chart;

    RankingsPage(
            CompareViewModel compare,
            ObjectProperty<@Nullable Integer> highlighted,
            ObservableValue<ChartStyle> style) {
        this.highlighted = highlighted;
        this.style = style;
        card = new ChartCard("overlay", text("compare.overlay"), compare.exports(), compare::overlayFigure);
        card.setMinHeight(CHART);
        VBox.setVgrow(card, Priority.ALWAYS);
        SheetTable table = new SheetTable(
                "compare-layers",
                text("compare.layers"),
                compare.rankingsProperty().map(Rankings::layersSheet).orElse(Sheet.empty()));
        table.setMinHeight(TABLE);
        table.onRow(highlighted::set);
        VBox.setVgrow(table, Priority.SOMETIMES);
        Label summary = Nodes.sentence(
                "consensus", compare.rankingsProperty().map(Rankings::summary).orElse(""), "strong");
        Nodes.fillWidth(summary);
        HBox together = new HBox(summary, Nodes.button("use-consensus", text("compare.use"), compare::useConsensus));
        together.getStyleClass().add("spaced-row");
        getStyleClass().add("group");
        getChildren().setAll(together, card, table);
        highlighted.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.highlight(is);
            }
        });
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        compare.rankingsProperty().subscribe(this::draw);
    }

    private void draw(@Nullable Rankings rankings) {
        if (rankings != null) {
            chart = rankings.overlay(style.getValue());
            chart.highlight(highlighted.get());
            card.show(chart.chart());
        }
    }
}
