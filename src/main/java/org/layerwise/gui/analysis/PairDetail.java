package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.session.SelectionViewModel;

/**
 * Details of the pair that was clicked in the heatmap. Without a pair, a hint explains what a click does. The space is
 * always reserved, so that the charts do not move under the pointer.
 */
final class PairDetail extends HBox {

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final Label words = Nodes.label("", "figures");
    private final Node close;

    PairDetail(AnalysisViewModel analysis, SelectionViewModel selection) {
        this.analysis = analysis;
        this.selection = selection;
        words.setId("pair-detail");
        words.setWrapText(true);
        Nodes.fillWidth(words);
        close = Nodes.iconButton(
                "pair-close", Material2OutlinedAL.CLOSE, text("analysis.detail.close"), () -> analysis.keptProperty()
                        .set(null));
        getStyleClass().add("pair-detail");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(words, close);
        analysis.keptProperty().addListener((observable, was, is) -> show());
        analysis.matrixProperty().addListener((observable, was, is) -> show());
        analysis.measureProperty().addListener((observable, was, is) -> show());
        selection.selectionProperty().addListener((observable, was, is) -> show());
        show();
    }

    private void show() {
        @Nullable Cell kept = analysis.keptProperty().get();
        boolean known = kept != null && analysis.matrixProperty().get() != null;
        words.setText(
                known ? analysis.details(kept, selection.selectionProperty().get()) : text("analysis.detail.hint"));
        words.getStyleClass().remove("muted");
        if (!known) {
            words.getStyleClass().add("muted");
        }
        close.setVisible(known);
        setVisible(analysis.matrixProperty().get() != null);
    }
}
