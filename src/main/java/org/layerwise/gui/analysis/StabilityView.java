package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.SelectionProbabilityChart;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.common.CardStack;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Stability pane: shows if the proposed layers would be proposed again, with sentences above two charts and their
 * tables.
 */
public final class StabilityView extends BorderPane {

    private static final double MEASURE_WIDTH = 220;
    private static final double CHARTS = 60; // per cent
    private static final double TABLES = 71;
    private static final double CHART_HEIGHT = 290;
    private static final double TABLE_HEIGHT = 200;

    private final StabilityViewModel stability;
    private final AnalysisViewModel analysis;
    private final ObjectProperty<@Nullable Integer> highlighted;
    private final ObservableValue<ChartStyle> style;
    private final ChartCard probability;
    private final ChartCard samples;
    private @Nullable SelectionProbabilityChart chosen;
    private @Nullable OverlapCurveChart found;
    private final CardStack content;
    private final Node nothing;
    private final Node running;
    private final Node notYet;
    private final Node page;

    /** @param highlighted layer under the pointer or the keyboard focus, shared by all panes */
    public StabilityView(
            StabilityViewModel stability,
            AnalysisViewModel analysis,
            ObjectProperty<@Nullable Integer> highlighted,
            ObservableValue<ChartStyle> style) {
        this.stability = stability;
        this.analysis = analysis;
        this.highlighted = highlighted;
        this.style = style;
        probability = new ChartCard(
                "stability-probability", text("stability.layers"), stability.exports(), stability::probabilityFigure);
        samples = new ChartCard(
                "stability-overlap-curve", text("stability.curve"), stability.exports(), stability::curveFigure);
        probability.onHover(entity -> {
            OptionalInt layer = SelectionProbabilityChart.layerOf(entity);
            highlighted.set(layer.isPresent() ? (Integer) layer.getAsInt() : null);
        });
        nothing = new EmptyState(
                Material2OutlinedMZ.SHUFFLE, text("stability.empty.title"), text("stability.empty.analysis"));
        running = new EmptyState(
                Material2OutlinedAL.HOURGLASS_EMPTY, text("analysis.running.title"), text("stability.running.advice"));
        notYet = notYet();
        page = page();
        getStyleClass().add("pane");
        content = new CardStack(nothing, notYet, running, page);
        setCenter(content);
        stability.stabilityProperty().addListener((observable, was, is) -> choose());
        stability.stabilityProperty().addListener((observable, was, is) -> draw(is));
        highlighted.addListener((observable, was, is) -> {
            if (chosen != null) {
                chosen.highlight(is);
            }
        });
        style.addListener((observable, was, is) -> restyle(is));
        draw(stability.stabilityProperty().get());
        analysis.analysisProperty().addListener((observable, was, is) -> choose());
        analysis.runningProperty().addListener((observable, was, is) -> choose());
        analysis.ready().addListener((observable, was, is) -> choose());
        choose();
    }

    private Node notYet() {
        Button analyze = Nodes.primary("analyze-stability", text("stability.analyze"), stability::analyze);
        // measures without rows have no intervals: there is nothing to draw anew
        BooleanBinding unready = analysis.ready().not().or(analysis.withoutRows());
        analyze.disableProperty().bind(unready);
        EmptyState empty = new EmptyState(
                Material2OutlinedMZ.SHUFFLE, text("stability.empty.title"), text("stability.empty.advice"), analyze);
        AnalysisForm form = analysis.form();
        var replicates =
                Spinners.of("stability-replicates", AnalysisSettings.BOOTSTRAP, 100, form.replicatesProperty());
        var permutations =
                Spinners.of("stability-permutations", AnalysisSettings.PERMUTATIONS, 10, form.permutationsProperty());
        HBox settings = new HBox(
                Nodes.caption(text("stability.replicates"), replicates),
                replicates,
                Nodes.caption(text("stability.permutations"), permutations),
                permutations);
        settings.getStyleClass().add("centred-row");
        Label needs = Nodes.label("", "notice");
        needs.setId("stability-needs");
        needs.textProperty()
                .bind(Bindings.when(analysis.withoutRows())
                        .then(text("stability.needs.measure"))
                        .otherwise(text("stability.needs")));
        Nodes.showWhen(needs, unready);
        empty.getChildren().add(empty.getChildren().size() - 1, settings);
        empty.getChildren().add(needs);
        return empty;
    }

    private Node page() {
        Label title = Nodes.shortened(Nodes.label("", "title-text"));
        title.setId("stability-title");
        title.textProperty()
                .bind(analysis.analysisProperty()
                        .map(entry -> text("analysis.heading", entry.analysis().model(), entry.number()))
                        .orElse(""));
        HBox heading = Nodes.row(title, Nodes.spring(), measures());
        VBox words = new VBox(
                sentence("stability-overlap", Stability::overlap, "strong"),
                sentence("stability-samples", Stability::samples, "default-text"),
                sentence("stability-intervals", Stability::intervals, "default-text"),
                sentence("stability-reliability", Stability::reliability, "default-text"),
                sentence("stability-unrelated", Stability::unrelated, "default-text"));
        words.getStyleClass().add("sentences");
        SheetTable layers = new SheetTable("stability-layers", text("stability.layers"), stability.layers());
        SheetTable curve = new SheetTable("stability-curve", text("stability.curve"), stability.curve());
        layers.onRow(highlighted::set);
        VBox body = new VBox(
                heading,
                words,
                row(CHART_HEIGHT, CHARTS, probability, samples),
                row(TABLE_HEIGHT, TABLES, layers, curve));
        body.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(body);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setFocusTraversable(false);
        return scroll;
    }

    private static ColumnConstraints column(double percent) {
        ColumnConstraints column = new ColumnConstraints();
        column.setPercentWidth(percent);
        return column;
    }

    /**
     * Puts two nodes side by side.
     *
     * @param least minimum and preferred height
     * @param percent width of the left node, in per cent
     */
    private static GridPane row(double least, double percent, Node left, Node right) {
        GridPane row = new GridPane();
        row.getStyleClass().add("lab");
        row.getColumnConstraints().setAll(column(percent), column(100 - percent));
        RowConstraints height = new RowConstraints();
        height.setVgrow(Priority.ALWAYS);
        row.getRowConstraints().setAll(height);
        row.addRow(0, left, right);
        row.setMinHeight(least);
        row.setPrefHeight(least);
        VBox.setVgrow(row, Priority.ALWAYS);
        return row;
    }

    /** Draws the charts of another analysis or measure. */
    private void draw(@Nullable Stability shown) {
        if (shown != null) {
            chosen = shown.probabilityChart(style.getValue());
            found = shown.curveChart(style.getValue());
            probability.show(chosen.chart());
            samples.show(found.chart());
            chosen.highlight(highlighted.get());
        }
    }

    private void restyle(ChartStyle now) {
        if (chosen != null && found != null) {
            chosen.restyle(now);
            found.restyle(now);
        }
    }

    private Label sentence(String id, Function<Stability, String> words, String style) {
        Label label =
                Nodes.sentence(id, stability.stabilityProperty().map(words).orElse(""), style);
        Nodes.showWhen(label, label.textProperty().isNotEmpty());
        return label;
    }

    private HBox measures() {
        ChoiceBox<@Nullable MeasureResult> choice = new ChoiceBox<>();
        choice.setId("stability-measure");
        choice.setPrefWidth(MEASURE_WIDTH);
        choice.setConverter(
                Nodes.words(result -> result == null ? "" : result.measure().title()));
        choice.setOnAction(event -> {
            MeasureResult chosen = choice.getValue();
            if (chosen != null) {
                analysis.resultProperty().set(chosen);
            }
        });
        HBox row = Nodes.row(Nodes.caption(text("stability.measure"), choice), choice);
        Nodes.showWhen(row, Bindings.size(choice.getItems()).greaterThan(1));
        analysis.analysisProperty().addListener((observable, was, is) -> fill(choice, is));
        analysis.resultProperty().addListener((observable, was, is) -> {
            if (is != null && choice.getItems().contains(is)) {
                choice.setValue(is);
            }
        });
        fill(choice, analysis.analysisProperty().get());
        return row;
    }

    private void fill(ChoiceBox<@Nullable MeasureResult> choice, @Nullable AnalysisEntry entry) {
        MeasureResult seen = analysis.resultProperty().get();
        List<MeasureResult> all = entry == null ? List.of() : entry.analysis().results();
        if (!choice.getItems().equals(all)) {
            choice.setValue(null);
            choice.getItems().setAll(all);
        }
        choice.setValue(seen != null && all.contains(seen) ? seen : null);
    }

    private void choose() {
        Node now;
        if (stability.stabilityProperty().get() != null) {
            now = page;
        } else if (analysis.runningProperty().get()) {
            now = running;
        } else {
            boolean possible = analysis.analysisProperty().getValue() != null
                    || analysis.ready().get();
            now = possible ? notYet : nothing;
        }
        content.show(now);
    }
}
