package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.heatmap.AgreementChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.compare.CompareViewModel.Agreement;

/** Agreement of each pair of chosen rankings: a matrix, and a table of the pairs. */
final class AgreementPage extends VBox {

    private static final double CHART = 300;
    private static final double TABLE = 160;

    private final CompareViewModel compare;
    private final ObservableValue<ChartStyle> style;
    private final ToggleGroup toggles = new ToggleGroup();
    private final ChartCard card;
    private @Nullable AgreementChart chart;

    AgreementPage(CompareViewModel compare, ObservableValue<ChartStyle> style) {
        this.compare = compare;
        this.style = style;
        card = new ChartCard("agreement", text("compare.agreement"), compare.exports(), compare::agreementFigure);
        card.setMinHeight(CHART);
        VBox.setVgrow(card, Priority.ALWAYS);
        SheetTable table = new SheetTable(
                "compare-pairs",
                text("compare.agreement"),
                compare.rankingsProperty().map(Rankings::pairs).orElse(Sheet.empty()));
        table.setMinHeight(TABLE);
        HBox switches = new HBox(
                toggle(Agreement.KENDALL, "left-pill"),
                toggle(Agreement.SPEARMAN, "center-pill"),
                toggle(Agreement.OVERLAP, "right-pill"));
        switches.getStyleClass().add("segments");
        getStyleClass().add("group");
        getChildren().setAll(switches, card, table);
        compare.rankingsProperty().addListener((observable, was, is) -> draw());
        compare.agreementProperty().addListener((observable, was, is) -> draw());
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        draw();
    }

    private ToggleButton toggle(Agreement by, String shape) {
        String id = by.name().toLowerCase(Locale.ROOT);
        ToggleButton button = new ToggleButton(text("compare.agreement." + id));
        button.setId("agreement-" + id);
        button.setUserData(by);
        button.setToggleGroup(toggles);
        button.getStyleClass().add(shape);
        button.setOnAction(event -> {
            compare.agreementProperty().set(by);
            draw();
        });
        return button;
    }

    private void draw() {
        Agreement by = compare.agreementProperty().get();
        toggles.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == by));
        Rankings shown = compare.rankingsProperty().get();
        if (shown != null) {
            chart = shown.agreement(by, style.getValue());
            card.show(chart.chart());
            card.title(text(
                    "compare.agreement.title",
                    text("compare.agreement." + by.name().toLowerCase(Locale.ROOT))));
        }
    }
}
