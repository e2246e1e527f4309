package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.NodePreparation;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.run.RunView;
import org.layerwise.gui.run.RunsViewModel;
import org.layerwise.gui.run.UnfinishedBar;

/** Training pane: settings on the left, the displayed run on the right. */
public final class TrainingView extends BorderPane {

    /**
     * Functions that ask the user for files and folders; empty if the user cancels.
     *
     * @param clusters shows the registered clusters
     */
    public record Choosers(
            Supplier<Optional<Path>> dataFile, Supplier<Optional<Path>> adapterFolder, Runnable clusters) {}

    private static final double FORM_WIDTH = 320;

    private final SplitPane split;
    private final Supplier<RunView> newRun;
    private @Nullable RunView run;

    /**
     * Creates the pane. The displayed run gets its view when the window has time, or when there is a run.
     *
     * @param choosers functions that ask the user for files and folders
     * @param actions actions on the run that has ended
     * @param preparation makes the view of the run
     */
    public TrainingView(
            TrainingViewModel training,
            RunsViewModel runs,
            FigureExporter exports,
            ObservableValue<ChartStyle> style,
            Choosers choosers,
            List<RunAction> actions,
            NodePreparation preparation) {
        FormView form = new FormView(training, choosers);
        form.setMinWidth(FORM_WIDTH);
        addEventFilter(KeyEvent.KEY_PRESSED, form::press);
        Node empty = new EmptyState(
                Material2OutlinedMZ.TIMELINE, text("training.empty.title"), text("training.empty.advice"));
        newRun = () -> new RunView(training.work(), exports, training.runProperty(), style, actions);
        ObservableValue<Boolean> any = training.runProperty().map(shown -> true).orElse(false);
        Nodes.showWhen(empty, any.map(shown -> !shown));
        StackPane watched = new StackPane(empty);
        split = new SplitPane(form, watched);
        split.setId("training-split");
        SplitPane.setResizableWithParent(form, false);
        getStyleClass().add("pane");
        setTop(new VBox(new UnfinishedBar(runs), new ErrorBar(training.work().problemProperty())));
        setCenter(split);
        Runnable add = Nodes.addWhen(watched, any, this::run);
        preparation.prepare(() -> run == null ? Optional.of(run()) : Optional.empty(), made -> add.run());
    }

    private RunView run() {
        RunView view = run == null ? newRun.get() : run;
        run = view;
        return view;
    }

    /** Returns the split pane with the form, whose divider position is saved. */
    public SplitPane split() {
        return split;
    }
}
