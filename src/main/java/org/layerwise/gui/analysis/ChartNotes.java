package org.layerwise.gui.analysis;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;

/**
 * Notes below a chart: a line about the cell or bar under the pointer, and a foot. The height never changes, because a
 * chart that moves under the pointer cannot be clicked. Longer text covers the foot, unless the foot has the keyboard
 * focus; then the text stays in one line.
 */
final class ChartNotes extends StackPane {

    private static final double ONE_LINE = 32;

    ChartNotes(Label readout, Node foot) {
        readout.setMaxWidth(Double.MAX_VALUE);
        readout.wrapTextProperty().bind(foot.focusWithinProperty().not());
        readout.setMaxHeight(USE_PREF_SIZE);
        foot.opacityProperty()
                .bind(Bindings.when(readout.heightProperty().lessThan(ONE_LINE))
                        .then(1.0)
                        .otherwise(0.0));
        StackPane.setAlignment(readout, Pos.TOP_LEFT);
        StackPane.setAlignment(foot, Pos.BOTTOM_LEFT);
        getStyleClass().add("chart-notes");
        getChildren().setAll(foot, readout);
        readout.setMouseTransparent(true);
    }
}
