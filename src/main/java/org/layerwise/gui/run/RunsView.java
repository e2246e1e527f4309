package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.CardStack;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.PulseDelayedBoolean;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;

/** Comparison of runs: check boxes to choose them, their curves in one chart, and a table of their cost and results. */
public final class RunsView extends BorderPane {

    private static final double MOST_HEIGHT = 92;
    private static final double BORDER = 2;
    private static final double SWATCH = 10;

    private final RunsViewModel runs;
    private final ObservableValue<ChartStyle> style;
    private final FlowPane boxes = new FlowPane();
    private final Node nothing;
    private final Node page;
    private final CardStack content;
    private final SplitPane split;

    /**
     * Creates the view.
     *
     * @param watch shows a run in the training pane
     * @param inFront true while the pane is in front; its tables stay as they are while it is hidden
     */
    public RunsView(
            RunsViewModel runs,
            ObservableValue<ChartStyle> style,
            Consumer<RunEntry> watch,
            ObservableValue<Boolean> inFront) {
        this.runs = runs;
        this.style = style;
        nothing = new EmptyState(
                Material2OutlinedMZ.STACKED_LINE_CHART,
                text("runs.empty.title"),
                text("runs.empty.advice"),
                Nodes.primary("runs-open-first", text("runs.open"), runs::open));
        CurvesView curves = new CurvesView("runs-curves", runs.chosen(), runs.exports(), style);
        curves.whenEmpty(new ReadOnlyStringWrapper(text("runs.none.drawn")));
        SheetTable table = new SheetTable(
                "runs-table", text("runs.table"), runs.tableProperty().when(new PulseDelayedBoolean(inFront)));
        table.setOnMouseClicked(event -> {
            int row = table.getSelectionModel().getSelectedIndex();
            if (event.getClickCount() == 2 && row >= 0 && row < runs.chosen().size()) {
                watch.accept(runs.chosen().get(row));
            }
        });
        table.addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            int row = table.getSelectionModel().getSelectedIndex();
            if (key.getCode() == KeyCode.ENTER
                    && row >= 0
                    && row < runs.chosen().size()) {
                watch.accept(runs.chosen().get(row));
            }
        });
        ToggleButton showPairs = pairsButton();
        Label title = Nodes.label("", "heading");
        title.textProperty()
                .bind(showPairs
                        .selectedProperty()
                        .map(selected -> text(selected ? "run.pairs.title" : "runs.table.title")));
        HBox below = Nodes.row(
                title,
                Nodes.spring(),
                showPairs,
                RunView.small("runs-table-csv", "CSV", text("runs.export.table"), () -> {
                    if (showPairs.isSelected()) {
                        runs.exportPairs();
                    } else {
                        runs.exportTable();
                    }
                }));
        VBox.setVgrow(table, Priority.ALWAYS);
        Nodes.showWhen(table, showPairs.selectedProperty().map(selected -> !selected));
        VBox lower = new VBox(below, table, pairs(showPairs));
        lower.getStyleClass().add("chart-column");
        split = new SplitPane(curves, lower);
        split.setId("runs-split");
        split.setOrientation(Orientation.VERTICAL);
        VBox.setVgrow(split, Priority.ALWAYS);
        HBox heading = Nodes.row(
                Nodes.label(text("runs.title"), "title-text"),
                Nodes.spring(),
                curves.buttons(),
                Nodes.button("runs-open", text("runs.open"), runs::open));
        VBox body = new VBox(heading, boxes(), split);
        body.getStyleClass().add("page");
        page = body;
        content = new CardStack(nothing, page);
        setCenter(content);
        getStyleClass().add("pane");
        setTop(new ErrorBar(runs.problemProperty()));
        runs.runs().addListener((ListChangeListener<RunEntry>) change -> show());
        style.addListener((observable, was, is) -> show());
        show();
    }

    /** Returns the divider between the curves and the table, whose position is saved. */
    public SplitPane split() {
        return split;
    }

    /**
     * Creates the table of paired tests with a note on their scope. The button shows it in place of the table of runs.
     */
    private Node pairs(ToggleButton button) {
        SheetTable table = new SheetTable(
                "runs-pairs", text("run.pairs.title"), runs.pairsProperty().map(PairedTestsSheet::sheet));
        Label note = Nodes.sentence("runs-pairs-note", runs.pairsProperty().map(PairedTestsSheet::note), "muted");
        VBox.setVgrow(table, Priority.ALWAYS);
        VBox box = new VBox(table, note);
        box.getStyleClass().add("chart-column");
        Nodes.showWhen(box, button.selectedProperty());
        VBox.setVgrow(box, Priority.ALWAYS);
        return box;
    }

    private ToggleButton pairsButton() {
        ToggleButton button = new ToggleButton();
        button.setId("runs-show-pairs");
        button.getStyleClass().add("small");
        Tooltips.set(button, text("run.pairs.tip"));
        button.textProperty().bind(runs.pairsProperty().map(PairedTestsSheet::title));
        Nodes.disableWhen(
                button, runs.pairsProperty().map(pairs -> pairs.sheet().rows().isEmpty()));
        runs.pairsProperty().addListener((observable, was, is) -> {
            if (is.sheet().rows().isEmpty()) {
                button.setSelected(false);
            }
        });
        return button;
    }

    private Node boxes() {
        boxes.getStyleClass().add("candidates");
        boxes.setAccessibleText(text("runs.boxes"));
        ScrollPane scroll = new ScrollPane(boxes);
        scroll.setId("runs-boxes");
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        // the height of the boxes is known only after the layout has set their width
        boxes.heightProperty().addListener((height, was, is) -> {
            double now = Math.min(is.doubleValue() + BORDER, MOST_HEIGHT);
            scroll.setMinHeight(now);
            scroll.setMaxHeight(now);
        });
        return scroll;
    }

    private void show() {
        content.show(runs.runs().isEmpty() ? nothing : page);
        List<Node> now = new ArrayList<>();
        for (RunEntry run : runs.runs()) {
            // reuses the box of a run, so that it keeps the focus
            CheckBox box = boxes.getChildren().stream()
                    .filter(node -> node.getUserData() == run)
                    .map(CheckBox.class::cast)
                    .findFirst()
                    .orElseGet(() -> box(run));
            ((Rectangle) box.getGraphic())
                    .setFill(colour(style.getValue().theme().run(run.number() - 1)));
            now.add(box);
        }
        if (!boxes.getChildren().equals(now)) {
            boxes.getChildren().setAll(now);
        }
    }

    private static javafx.scene.paint.Color colour(java.awt.Color of) {
        return javafx.scene.paint.Color.rgb(of.getRed(), of.getGreen(), of.getBlue());
    }

    private static CheckBox box(RunEntry run) {
        CheckBox box = new CheckBox();
        box.setMnemonicParsing(false);
        box.setUserData(run);
        box.setId("runs-box-" + run.number());
        box.setGraphic(new Rectangle(SWATCH, SWATCH));
        box.selectedProperty().bindBidirectional(run.chosenProperty());
        InvalidationListener describe = observable -> {
            box.setText(text(
                    "runs.box",
                    RunTexts.label(run),
                    RunTexts.state(run.stateProperty().get())));
            Tooltips.set(box, text("runs.box.tip", run.folder(), NumberTexts.layers(run.layers())));
        };
        run.stateProperty().addListener(describe);
        run.recordProperty().addListener(describe);
        describe.invalidated(run.stateProperty());
        return box;
    }
}
