package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.compare.CompareViewModel.Side;

/**
 * Two heatmaps in the same colours and their difference. The cell under the pointer in one heatmap is marked in all
 * three.
 */
final class PairingPage extends VBox {

    private static final double LEAST_HEIGHT = 300;
    private static final double CHOICE_WIDTH = 200;

    private final CompareViewModel compare;
    private final ObservableValue<ChartStyle> style;
    private final Map<Side, ChartCard> cards = new EnumMap<>(Side.class);
    private final Map<Side, HeatmapChart> charts = new EnumMap<>(Side.class);
    private final Label readout = Nodes.label("", "readout", "figures");

    PairingPage(
            CompareViewModel compare,
            ObjectProperty<@Nullable Integer> highlighted,
            ObservableValue<ChartStyle> style) {
        this.compare = compare;
        this.style = style;
        for (Side side : Side.values()) {
            cards.put(side, card(side));
        }
        SheetTable table = new SheetTable(
                "difference-layers",
                text("compare.difference.layers"),
                compare.pairingProperty().map(Pairing::layers).orElse(Sheet.empty()));
        table.onRow(row -> compare.hoveredProperty().set(row == null ? null : HeatmapChart.Pair.ofLayer(row)));
        GridPane grid = new GridPane();
        grid.getStyleClass().add("lab");
        grid.getColumnConstraints().setAll(half(), half());
        grid.getRowConstraints().setAll(row(), row());
        grid.addRow(0, cards.get(Side.FIRST), cards.get(Side.SECOND));
        grid.addRow(1, cards.get(Side.DIFFERENCE), table);
        VBox.setVgrow(grid, Priority.ALWAYS);
        Label summary = Nodes.sentence(
                "difference-summary",
                compare.pairingProperty().map(Pairing::summary).orElse(text("compare.difference.needs")),
                "strong");
        Label unpaired = Nodes.optionalSentence("difference-unpaired", compare.unpairedProperty(), "muted");
        readout.setId("difference-readout");
        readout.setMaxWidth(Double.MAX_VALUE);
        Nodes.shortened(readout);
        getStyleClass().add("group");
        getChildren().setAll(choices(), unpaired, summary, readout, grid);
        for (Node node : new Node[] {grid, readout}) {
            Nodes.showWhen(node, compare.pairingProperty().map(shown -> true).orElse(false));
        }
        compare.hoveredProperty().addListener((observable, was, is) -> mark(is));
        highlighted.subscribe(layer -> {
            if (layer != null) {
                compare.hoveredProperty().set(HeatmapChart.Pair.ofLayer(layer));
            }
        });
        style.addListener((observable, was, is) -> charts.values().forEach(chart -> chart.restyle(is)));
        compare.pairingProperty().subscribe(this::draw);
    }

    private ChartCard card(Side side) {
        ChartCard card = new ChartCard(
                "heatmap-" + id(side),
                text("compare.heatmap." + id(side)),
                compare.exports(),
                () -> compare.heatmapFigure(side));
        card.onHover(entity -> {
            HeatmapChart.Pair pair = HeatmapChart.pairOf(entity).orElse(null);
            if (!Objects.equals(pair, compare.hoveredProperty().get())) {
                compare.hoveredProperty().set(pair);
            }
        });
        card.onKey(this::press);
        card.readElsewhere();
        return card;
    }

    private HBox choices() {
        ChoiceBox<@Nullable Subject> left = choice("compare-first", compare.firstProperty());
        ChoiceBox<@Nullable Subject> right = choice("compare-second", compare.secondProperty());
        return Nodes.row(
                Nodes.caption(text("compare.first"), left),
                left,
                Nodes.iconButton("compare-swap", Material2OutlinedMZ.SWAP_HORIZ, text("compare.swap"), compare::swap),
                Nodes.caption(text("compare.second"), right),
                right);
    }

    private ChoiceBox<@Nullable Subject> choice(String id, ObjectProperty<@Nullable Subject> property) {
        ChoiceBox<@Nullable Subject> choice = new ChoiceBox<>();
        choice.setId(id);
        choice.setPrefWidth(CHOICE_WIDTH);
        choice.setItems(compare.paired());
        choice.setConverter(Nodes.words(subject -> subject == null ? "" : subject.label()));
        choice.setValue(property.get());
        property.addListener((observable, was, is) -> choice.setValue(is));
        // a choice box loses its value when its items change, also if the value is among the new ones
        compare.paired().addListener((ListChangeListener<Subject>) change -> choice.setValue(property.get()));
        choice.setOnAction(event -> {
            Subject chosen = choice.getValue();
            if (chosen != null) {
                property.set(chosen);
            }
        });
        return choice;
    }

    private static ColumnConstraints half() {
        ColumnConstraints column = new ColumnConstraints();
        column.setPercentWidth(50);
        return column;
    }

    private static RowConstraints row() {
        RowConstraints row = new RowConstraints();
        row.setPercentHeight(50);
        row.setMinHeight(LEAST_HEIGHT);
        row.setVgrow(Priority.ALWAYS);
        return row;
    }

    private ChartCard shown(Side side) {
        return Objects.requireNonNull(cards.get(side));
    }

    private void draw(@Nullable Pairing pairing) {
        if (pairing == null) {
            return;
        }
        for (Side side : Side.values()) {
            HeatmapChart chart = pairing.chart(side, style.getValue());
            charts.put(side, chart);
            shown(side).show(chart.chart());
        }
        shown(Side.FIRST).title(text("compare.side.first", pairing.first().label()));
        shown(Side.SECOND).title(text("compare.side.second", pairing.second().label()));
        mark(compare.hoveredProperty().get());
    }

    private void mark(HeatmapChart.@Nullable Pair pair) {
        Pairing pairing = compare.pairingProperty().get();
        HeatmapChart.Pair within =
                pair != null && pairing != null && pair.row() < pairing.size() && pair.column() < pairing.size()
                        ? pair
                        : null;
        charts.values().forEach(chart -> chart.highlight(within));
        readout.setText(within == null || pairing == null ? text("compare.hover") : pairing.readout(within));
    }

    /** Moves the marked cell in all three heatmaps with the arrow keys. */
    private void press(KeyEvent key) {
        Pairing pairing = compare.pairingProperty().get();
        int up = key.getCode() == KeyCode.UP ? 1 : key.getCode() == KeyCode.DOWN ? -1 : 0;
        int right = key.getCode() == KeyCode.RIGHT ? 1 : key.getCode() == KeyCode.LEFT ? -1 : 0;
        if (pairing == null || up == 0 && right == 0) {
            return;
        }
        key.consume();
        HeatmapChart.Pair from = compare.hoveredProperty().get();
        int most = pairing.size() - 1;
        compare.hoveredProperty()
                .set(
                        from == null
                                ? new HeatmapChart.Pair(0, 0)
                                : new HeatmapChart.Pair(
                                        Math.max(0, Math.min(most, from.row() + up)),
                                        Math.max(0, Math.min(most, from.column() + right))));
    }

    private static String id(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }
}
