package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.Nodes;

/** Experiment pane: arms and rules on the left, the displayed experiment on the right. */
public final class ExperimentView extends BorderPane {

    private static final double FORM_WIDTH = 320;

    private final SplitPane split;

    /** @param training shows the settings of the training */
    public ExperimentView(ExperimentViewModel experiment, ObservableValue<ChartStyle> style, Runnable training) {
        ExperimentFormView form = new ExperimentFormView(experiment, training);
        form.setMinWidth(FORM_WIDTH);
        Node empty = new EmptyState(
                Material2OutlinedMZ.SCIENCE,
                text("experiment.empty.title"),
                text("experiment.empty.advice"),
                Nodes.button("experiment-open-first", text("experiment.open"), experiment::open));
        ObservableValue<Boolean> any =
                experiment.session().experimentProperty().map(shown -> true).orElse(false);
        Nodes.showWhen(empty, any.map(shown -> !shown));
        StackPane shown = new StackPane(empty);
        Nodes.addWhen(shown, any, () -> new ResultView(experiment, style));
        split = new SplitPane(form, shown);
        split.setId("experiment-split");
        SplitPane.setResizableWithParent(form, false);
        getStyleClass().add("pane");
        setTop(new ErrorBar(experiment.problemProperty()));
        setCenter(split);
    }

    /** Returns the split pane with the form, whose divider position is saved. */
    public SplitPane split() {
        return split;
    }
}
