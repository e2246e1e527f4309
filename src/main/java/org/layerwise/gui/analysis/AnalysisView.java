package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.Measure;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.CardStack;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.RunLocationRow;
import org.layerwise.gui.session.SelectionViewModel;

/** Analysis pane: heatmap and ranking side by side, below a line that describes them and starts a new analysis. */
public final class AnalysisView extends BorderPane {

    private static final double LEAST_WIDTH = 660;
    private static final double STACKED_HEIGHT = 760;
    private static final double PANEL_PART = 0.4;

    private final AnalysisViewModel analysis;
    private final SplitPane charts;
    private final ToggleButton measures = new ToggleButton();
    private final CardStack content;
    private final Node noModel;
    private final Node noData;
    private final Node notYet;
    private final Node running;
    private final Node opening;
    private final ObservableValue<String> working;
    private final VBox page;
    private final VBox ready;
    private final StackPane top = new StackPane();
    private final ResultBar bar;

    /**
     * Actions that an empty pane offers.
     *
     * @param openModel asks for a model folder
     * @param openSample opens the sample study
     * @param chooseData opens the data pane
     * @param clusters shows the registered clusters
     * @param chooseAdapter asks for the folder of an adapter to analyze
     * @param removeAdapter analyzes the model alone again
     */
    public record Offers(
            Runnable openModel,
            Runnable openSample,
            Runnable chooseData,
            Runnable clusters,
            Runnable chooseAdapter,
            Runnable removeAdapter) {}

    /** The charts of an analysis of hidden states, side by side. They take longest to build, so they may be built before the pane. */
    public record Charts(HeatmapView heatmap, RankingView ranking) {}

    public AnalysisView(
            AnalysisViewModel analysis,
            SelectionViewModel selection,
            PageViewModels pages,
            ChartFiles files,
            ObservableValue<ChartStyle> style,
            ObservableValue<String> working,
            Charts sideBySide,
            Offers offers) {
        this.analysis = analysis;
        this.working = working;
        opening = new EmptyState(Material2OutlinedAL.HOURGLASS_EMPTY, working, text("working.advice"));
        noModel = new EmptyState(
                Material2OutlinedAL.GRID_ON,
                text("analysis.empty.title"),
                text("analysis.empty.model"),
                Nodes.primary("analysis-sample", text("action.sample"), offers.openSample()),
                Nodes.button("analysis-open", text("action.open.model"), offers.openModel()));
        noData = new EmptyState(
                Material2OutlinedMZ.TABLE_CHART,
                text("analysis.empty.title"),
                text("analysis.empty.data"),
                Nodes.primary("analysis-data", text("action.choose.data"), offers.chooseData()));
        notYet = new EmptyState(
                Material2OutlinedAL.GRID_ON,
                text("analysis.empty.title"),
                Bindings.when(analysis.withoutRows())
                        .then(text("analysis.empty.weights"))
                        .otherwise(text("analysis.empty.ready")),
                Nodes.primary("analyze-first", text("action.analyze"), analysis::analyze));
        running = new EmptyState(
                Material2OutlinedAL.HOURGLASS_EMPTY,
                text("analysis.running.title"),
                Bindings.when(analysis.withoutRows()).then("").otherwise(text("analysis.running.advice")));
        charts = new SplitPane(sideBySide.heatmap(), sideBySide.ranking());
        charts.setId("charts");
        ScrollPane scroll = new ScrollPane(charts);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setFocusTraversable(false);
        PairDetail detail = new PairDetail(analysis, selection);
        bar = new ResultBar(analysis, selection);
        VBox both = new VBox(scroll, detail);
        both.getStyleClass().add("chart-column");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        StackPane pictures = new StackPane(both);
        Nodes.showWhen(both, bar.shows(AnalysisPage.SINGLE));
        Nodes.addWhen(pictures, bar.shows(AnalysisPage.EXPERTS), () -> new ExpertLoadView(analysis, files, style));
        Nodes.addWhen(
                pictures,
                bar.shows(AnalysisPage.OVERLAY),
                () -> new OverlayView(analysis.overlay(), selection, files, style));
        Nodes.addWhen(
                pictures,
                bar.shows(AnalysisPage.MODULES),
                () -> new ModulesView(
                        pages.modules(), pages.budget(), analysis.colours().mapProperty(), files, style));
        Nodes.addWhen(
                pictures,
                bar.shows(AnalysisPage.MAP),
                () -> new HiddenStateMapView(pages.map(), selection, files, style));
        VBox.setVgrow(pictures, Priority.ALWAYS);
        measuresButton();
        VBox above = new VBox(heading());
        Nodes.addWhen(above, measures.selectedProperty(), () -> panel(offers));
        top.getChildren().setAll(above);
        page = new VBox(bar, pictures);
        VBox.setVgrow(notYet, Priority.ALWAYS);
        ready = new VBox(notYet);
        ready.getStyleClass().add("page");
        widthProperty().addListener((width, was, is) -> arrange(is.doubleValue()));
        page.getStyleClass().add("page");
        getStyleClass().add("pane");
        top.getStyleClass().add("analysis-top");
        setTop(new VBox(new ErrorBar(analysis.problemProperty()), top));
        content = new CardStack(opening, noModel, noData, ready, running, page);
        setCenter(content);
        analysis.matrixProperty().addListener((observable, was, is) -> choose());
        analysis.analysisProperty().addListener((observable, was, is) -> choose());
        analysis.modelProperty().addListener((observable, was, is) -> choose());
        analysis.dataProperty().addListener((observable, was, is) -> choose());
        analysis.runningProperty().addListener((observable, was, is) -> choose());
        analysis.withoutRows().addListener((observable, was, is) -> choose());
        working.addListener((observable, was, is) -> choose());
        choose();
    }

    /** Returns the split pane of the charts, whose divider position is saved. */
    public SplitPane charts() {
        return charts;
    }

    /** Puts the ranking below the heatmap if the pane is too narrow for both side by side. */
    private void arrange(double width) {
        boolean stacked = width > 0 && width < LEAST_WIDTH;
        charts.setOrientation(stacked ? Orientation.VERTICAL : Orientation.HORIZONTAL);
        charts.setMinHeight(stacked ? STACKED_HEIGHT : 0);
    }

    private Node heading() {
        Label title = Nodes.shortened(Nodes.label("", "title-text"));
        title.setId("analysis-title");
        title.textProperty()
                .bind(Bindings.createStringBinding(
                        this::title, analysis.analysisProperty(), analysis.runningProperty()));
        Label facts = Nodes.shortened(Nodes.label("", "muted"));
        facts.setId("analysis-facts");
        facts.textProperty()
                .bind(analysis.analysisProperty().map(AnalysisTexts::facts).orElse(""));
        Button analyze = Nodes.button("analyze", text("action.analyze"), analysis::analyze);
        analyze.textProperty()
                .bind(analysis.runOn()
                        .placeProperty()
                        .map(place -> place.isEmpty() ? text("action.analyze") : text("action.analyze.there", place)));
        analyze.setGraphic(Icons.of(Material2OutlinedMZ.PLAY_ARROW));
        analyze.disableProperty().bind(analysis.ready().not());
        // before the first analysis, the middle of the pane shows a larger button
        Nodes.showWhen(
                analyze, Bindings.not(analysis.runningProperty()).and(Bindings.isNotNull(analysis.analysisProperty())));
        Button cancel = Nodes.button("cancel-analysis", text("action.cancel"), analysis::cancel);
        Nodes.showWhen(cancel, analysis.runningProperty());
        // beside the button and not below the title, where it would move the charts
        Label next = Nodes.label(text("analysis.running.next"), "muted");
        next.setId("analysis-next");
        Nodes.showWhen(next, Bindings.and(analysis.runningProperty(), Bindings.isNotNull(analysis.analysisProperty())));
        return Nodes.row(new VBox(title, facts), Nodes.spring(), next, measures, analyze, cancel);
    }

    private String title() {
        AnalysisEntry seen = analysis.analysisProperty().get();
        return seen != null
                ? text("analysis.heading", seen.analysis().model(), seen.number())
                : text(analysis.runningProperty().get() ? "analysis.running.title" : "analysis.new");
    }

    private Node panel(Offers offers) {
        MeasurePanel panel = new MeasurePanel(
                analysis.form(),
                analysis.modelProperty(),
                new RunLocationRow("analysis", analysis.runOn(), offers.clusters()),
                new MeasurePanel.AdapterActions(offers.chooseAdapter(), offers.removeAdapter()));
        ScrollPane scroll = new ScrollPane(panel);
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        // a larger panel would leave no room for the charts
        scroll.maxHeightProperty().bind(heightProperty().multiply(PANEL_PART));
        return scroll;
    }

    private void measuresButton() {
        measures.setId("measures");
        measures.setMinWidth(USE_PREF_SIZE);
        measures.setGraphic(Icons.of(Material2OutlinedMZ.TUNE));
        Tooltips.set(measures, text("measures.tip"));
        measures.textProperty().bind(analysis.form().measuresProperty().map(AnalysisView::words));
    }

    private static String words(List<Measure> chosen) {
        String words = NumberTexts.andMore(chosen, Measure::shortName);
        return text(chosen.size() == 1 ? "measures.one" : "measures.several", words);
    }

    private void choose() {
        boolean noModelYet = analysis.modelProperty().get() == null;
        boolean noDataYet = analysis.dataProperty().get() == null;
        Node now;
        if (analysis.matrixProperty().get() != null
                || analysis.analysisProperty().get() != null) {
            now = page;
        } else if (analysis.runningProperty().get()) {
            now = running;
        } else if (!working.getValue().isEmpty() && (noModelYet || noDataYet)) {
            now = opening;
        } else if (noModelYet) {
            now = noModel;
        } else {
            now = noDataYet && !analysis.withoutRows().get() ? noData : ready;
        }
        // without rows too, since some measures need none
        Nodes.show(top, now != opening && now != noModel);
        content.show(now);
    }
}
