package org.layerwise.gui.analysis;

import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.gui.chart.ChartPane;

/** Scrolls the bars of a ranking, which keep the keyboard. */
final class RankingScroll extends ScrollPane {

    private final ChartPane bars;

    RankingScroll(ChartPane bars) {
        super(bars);
        this.bars = bars;
        setFitToWidth(true);
        setFitToHeight(true);
        setFocusTraversable(false);
        focusedProperty().addListener((focused, was, is) -> {
            if (is) {
                bars.requestFocus(); // a click on the chart moves the focus to the scroll pane
            }
        });
        getStyleClass().add("ranking");
        VBox.setVgrow(this, Priority.ALWAYS);
    }

    /** Scrolls to a bar that the keyboard has reached. */
    void reveal(int bar, int of) {
        double hidden = bars.getHeight() - getViewportBounds().getHeight();
        if (hidden > 0) {
            double middle = bars.getHeight() * (bar + 0.5) / of;
            double top = middle - getViewportBounds().getHeight() / 2;
            setVvalue(Math.max(0, Math.min(1, top / hidden)));
        }
    }
}
