package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import javafx.collections.FXCollections;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.controlsfx.control.RangeSlider;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;

/** Controls for the colours of the heatmap and their range of values. */
final class ColourControls extends HBox {

    private static final double SLIDER_WIDTH = 160;
    private static final double LEAST_SLIDER_WIDTH = 60;
    private static final double CHOICE_WIDTH = 92;

    private final HeatmapColours colours;
    private final RangeSlider range;

    ColourControls(HeatmapColours colours) {
        this.colours = colours;
        range = new RangeSlider(
                colours.leastProperty().get(),
                1,
                colours.fromProperty().get(),
                colours.toProperty().get());
        range.setId("colours");
        range.setAccessibleText(text("analysis.colours.range"));
        range.setBlockIncrement(0.05);
        range.setPrefWidth(SLIDER_WIDTH);
        range.setMaxWidth(SLIDER_WIDTH);
        range.setMinWidth(LEAST_SLIDER_WIDTH);
        HBox.setHgrow(range, Priority.ALWAYS);
        range.lowValueProperty().addListener((value, was, is) -> colours.fromProperty()
                .set(Math.min(hundredths(is), colours.toProperty().get() - HeatmapColours.LEAST_RANGE)));
        range.highValueProperty().addListener((value, was, is) -> colours.toProperty()
                .set(Math.max(hundredths(is), colours.fromProperty().get() + HeatmapColours.LEAST_RANGE)));
        colours.leastProperty().addListener((value, was, is) -> range.setMin(is.doubleValue()));
        colours.fromProperty().addListener((value, was, is) -> fit());
        colours.toProperty().addListener((value, was, is) -> fit());
        Label low = Nodes.label("", "figures", "muted");
        Label high = Nodes.label("", "figures", "muted");
        low.setMinWidth(USE_PREF_SIZE);
        high.setMinWidth(USE_PREF_SIZE);
        low.textProperty().bind(colours.fromProperty().map(value -> NumberTexts.hundredths(value.doubleValue())));
        high.textProperty().bind(colours.toProperty().map(value -> NumberTexts.hundredths(value.doubleValue())));
        getStyleClass().addAll("row", "chart-foot");
        getChildren()
                .setAll(
                        choice(),
                        low,
                        range,
                        high,
                        Nodes.iconButton(
                                "colours-reset",
                                Material2OutlinedMZ.REFRESH,
                                text("analysis.colours.reset"),
                                colours::reset));
    }

    private ChoiceBox<ColourMap> choice() {
        ChoiceBox<ColourMap> choice = new ChoiceBox<>(
                FXCollections.observableArrayList(ColourMap.VIRIDIS, ColourMap.CIVIDIS, ColourMap.GREY));
        choice.setId("colour-map");
        choice.getStyleClass().add("small");
        choice.setAccessibleText(text("analysis.colours"));
        Tooltips.set(choice, text("analysis.colours.tip"));
        choice.setMinWidth(CHOICE_WIDTH);
        choice.setPrefWidth(CHOICE_WIDTH);
        choice.setConverter(
                Nodes.words(map -> text("analysis.colours." + map.name().toLowerCase(Locale.ROOT))));
        choice.valueProperty().bindBidirectional(colours.mapProperty());
        return choice;
    }

    /** Shows values that were changed outside of this row. */
    private void fit() {
        double from = colours.fromProperty().get();
        double to = colours.toProperty().get();
        if (hundredths(range.getHighValue()) != to) {
            range.setHighValue(to);
        }
        if (hundredths(range.getLowValue()) != from) {
            range.setLowValue(from);
        }
    }

    private static double hundredths(Number value) {
        return Math.round(value.doubleValue() * 100) / 100.0;
    }
}
