package org.layerwise.gui.app;

import java.util.List;
import javafx.beans.value.ObservableValue;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.analysis.AnalysisView;
import org.layerwise.gui.analysis.HeatmapView;
import org.layerwise.gui.analysis.RankingView;
import org.layerwise.gui.analysis.StabilityView;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.Lazy;
import org.layerwise.gui.common.NodePreparation;
import org.layerwise.gui.compare.CompareView;
import org.layerwise.gui.data.DataView;
import org.layerwise.gui.data.Thumbnails;
import org.layerwise.gui.experiment.ExperimentView;
import org.layerwise.gui.model.ModelView;
import org.layerwise.gui.prediction.PredictionsView;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.run.RunsView;
import org.layerwise.gui.study.Pane;
import org.layerwise.gui.training.TrainingView;

/**
 * Builds the panes of a window. A pane shows the current state of its view model, so it may be built at any time.
 *
 * @param style style of the charts
 * @param working description of the running work; empty if nothing runs
 * @param place saves the dividers of the panes
 * @param preparation makes what hidden panes will show
 */
record PaneFactory(
        ViewModels models,
        Actions actions,
        List<RunAction> runActions,
        FileDialogs files,
        SideWindows beside,
        Thumbnails thumbnails,
        ObservableValue<ChartStyle> style,
        ObservableValue<String> working,
        WindowBounds place,
        NodePreparation preparation) {

    private static final double CHARTS = 0.59;
    private static final double FORM = 0.36;
    private static final double CURVES = 0.6;

    /** Adds all panes, each to be built when it is needed. */
    void addTo(PaneTabs tabs) {
        tabs.add(Pane.MODEL, () -> model(tabs));
        tabs.add(Pane.DATA, this::data);
        Lazy<HeatmapView> heatmap =
                new Lazy<>(() -> new HeatmapView(models.analysis(), models.selection(), models.chartFiles(), style));
        Lazy<RankingView> ranking =
                new Lazy<>(() -> new RankingView(models.analysis(), models.selection(), models.chartFiles(), style));
        tabs.add(
                Pane.ANALYSIS,
                () -> analysis(new AnalysisView.Charts(heatmap.get(), ranking.get())),
                heatmap::get,
                ranking::get);
        tabs.add(Pane.STABILITY, this::stability);
        tabs.add(Pane.COMPARE, this::compare);
        tabs.add(Pane.TRAINING, this::training);
        tabs.add(Pane.RUNS, () -> runs(tabs));
        tabs.add(Pane.PREDICTIONS, () -> new PredictionsView(models.predictions(), style));
        tabs.add(Pane.EXPERIMENT, this::experiment);
    }

    private ModelView model(PaneTabs tabs) {
        return new ModelView(
                models.model(),
                models.cache(),
                models.hub(),
                models.architecture(),
                new ModelView.Offers(
                        working,
                        actions::openModelFolder,
                        actions::openSample,
                        models.study()::recent,
                        models.study()::open),
                tabs.inFront(Pane.MODEL),
                preparation);
    }

    private DataView data() {
        return new DataView(models.data(), actions::openData, thumbnails, models.exports(), style, preparation);
    }

    private AnalysisView analysis(AnalysisView.Charts charts) {
        AnalysisView view = new AnalysisView(
                models.analysis(),
                models.selection(),
                models.pages(),
                models.chartFiles(),
                style,
                working,
                charts,
                new AnalysisView.Offers(
                        actions::openModel,
                        actions::openSample,
                        actions::chooseData,
                        beside::clusters,
                        actions::openAdapter,
                        models.adapter()::remove));
        place.add("charts", view.charts(), CHARTS);
        return view;
    }

    private StabilityView stability() {
        return new StabilityView(
                models.stability(), models.analysis(), models.selection().highlightedProperty(), style);
    }

    private CompareView compare() {
        return new CompareView(
                models.compare(),
                models.trajectory(),
                models.selection().highlightedProperty(),
                style,
                models.analysisFiles()::open);
    }

    private TrainingView training() {
        TrainingView view = new TrainingView(
                models.training(),
                models.runs(),
                models.exports(),
                style,
                new TrainingView.Choosers(files::openDataFile, files::openAdapterFolder, beside::clusters),
                runActions,
                preparation);
        place.add("training", view.split(), FORM);
        return view;
    }

    private ExperimentView experiment() {
        ExperimentView view = new ExperimentView(models.experiment(), style, actions::goToTraining);
        place.add("experiment", view.split(), FORM);
        return view;
    }

    private RunsView runs(PaneTabs tabs) {
        RunsView view = new RunsView(models.runs(), style, actions::watch, tabs.inFront(Pane.RUNS));
        place.add("runs", view.split(), CURVES);
        return view;
    }
}
