package org.layerwise.gui.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.analysis.MeasureResult;

/** Figures of the analyses: of the displayed analysis as the window shows it, and of all analyses. */
public final class ChartFiles {

    private final StudySession session;
    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final ModulesViewModel modules;
    private final HiddenStateMapViewModel map;
    private final FigureExporter exports;

    public ChartFiles(
            StudySession session,
            AnalysisViewModel analysis,
            SelectionViewModel selection,
            PageViewModels pages,
            FigureExporter exports) {
        this.session = session;
        this.analysis = analysis;
        this.selection = selection;
        this.modules = pages.modules();
        this.map = pages.map();
        this.exports = exports;
    }

    /** Returns the object that writes and copies the figures. */
    public FigureExporter exports() {
        return exports;
    }

    /** Returns the displayed heatmap; null if there is none. */
    public @Nullable Figure heatmap() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        return entry == null || result == null || done == null
                ? null
                : AnalysisFigures.heatmap(
                        entry, result, done, analysis.colours().scale());
    }

    /** Returns the displayed ranking with its selection; null if there is none. */
    public @Nullable Figure ranking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        LayerSelection layers = selection.selectionProperty().get();
        return entry == null || result == null || layers == null
                ? null
                : AnalysisFigures.ranking(entry, result, layers);
    }

    /** Returns the displayed overlay; null if there is none. */
    public @Nullable Figure overlay() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        return entry == null || shown.series().isEmpty() ? null : AnalysisFigures.overlay(entry, shown);
    }

    /** Returns the displayed heatmap of linear maps; null if there is none. */
    public @Nullable Figure modules() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        ModulesViewModel.Shown shown = modules.shownProperty().get();
        return entry == null || shown == null
                ? null
                : AnalysisFigures.modules(
                        entry,
                        shown,
                        modules.selectedProperty().get().keySet(),
                        analysis.colours().mapProperty().get());
    }

    /** Returns the displayed ranking of linear maps; null if there is none. */
    public @Nullable Figure moduleRanking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        ModulesViewModel.Shown shown = modules.shownProperty().get();
        return entry == null || shown == null
                ? null
                : AnalysisFigures.moduleRanking(
                        entry, shown, modules.selectedProperty().get().keySet());
    }

    /** Returns the displayed map of hidden states; null if there is none. */
    public @Nullable Figure map() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        HiddenStateMapViewModel.Shown shown = map.shownProperty().get();
        return entry == null || shown == null ? null : AnalysisFigures.map(entry, shown);
    }

    /** Returns the displayed load of experts; null if there is none. */
    public @Nullable Figure experts() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        ExpertLoad load = ExpertLoadView.load(entry);
        return entry == null || load == null
                ? null
                : AnalysisFigures.experts(
                        entry, load, analysis.colours().mapProperty().get());
    }

    /**
     * Returns the heatmap and the ranking of every measure of every analysis, those of its linear maps, its load of experts, and the
     * displayed overlay and map.
     */
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (AnalysisEntry entry : session.analyses()) {
            String before = "analysis-%s-".formatted(entry.number());
            for (MeasureResult result : entry.analysis().results()) {
                boolean seen = result == analysis.resultProperty().get();
                SimilarityMatrix done = result.similarity();
                if (done != null) {
                    ColourScale colours = seen
                            ? analysis.colours().scale()
                            : new ColourScale(
                                    analysis.colours().mapProperty().get(),
                                    result.measure().lower(),
                                    1);
                    figures.add(AnalysisFigures.heatmap(entry, result, done, colours)
                            .behind(before));
                }
                LayerSelection chosen = selection.selectionProperty().get();
                LayerSelection layers =
                        seen && chosen != null ? chosen : entry.analysis().proposed(result);
                figures.add(AnalysisFigures.ranking(entry, result, layers).behind(before));
                ModulesViewModel.Shown.of(entry.analysis(), result).ifPresent(shown -> {
                    Set<String> marked = seen ? modules.selectedProperty().get().keySet() : Set.of();
                    figures.add(AnalysisFigures.modules(
                                    entry,
                                    shown,
                                    marked,
                                    analysis.colours().mapProperty().get())
                            .behind(before));
                    figures.add(
                            AnalysisFigures.moduleRanking(entry, shown, marked).behind(before));
                });
            }
            ExpertLoad load = entry.analysis().expertLoad();
            if (load != null) {
                figures.add(AnalysisFigures.experts(
                                entry, load, analysis.colours().mapProperty().get())
                        .behind(before));
            }
        }
        Figure overlay = overlay();
        if (overlay != null
                && analysis.overlay().overlayProperty().get().series().size() > 1) {
            figures.add(overlay);
        }
        Figure states = map();
        if (states != null) {
            figures.add(states);
        }
        return figures;
    }

    /** Asks for a format and a file, and writes the heatmap. */
    public void exportHeatmap() {
        export(this::heatmap);
    }

    /** Asks for a format and a file, and writes the ranking with its selection. */
    public void exportRanking() {
        export(this::ranking);
    }

    /** Asks for a format and a file, and writes the overlay. */
    public void exportOverlay() {
        export(this::overlay);
    }

    /** Value that is true if the displayed result has no importance of linear maps. */
    public ObservableBooleanValue noModules() {
        return modules.shownProperty().isNull();
    }

    /** Asks for a format and a file, and writes the heatmap of linear maps. */
    public void exportModules() {
        export(this::modules);
    }

    /** Asks for a format and a file, and writes the ranking of linear maps. */
    public void exportModuleRanking() {
        export(this::moduleRanking);
    }

    /** Value that is true if there is no map of hidden states on display. */
    public ObservableBooleanValue noMap() {
        return map.shownProperty().isNull();
    }

    /** Asks for a format and a file, and writes the map of hidden states. */
    public void exportMap() {
        export(this::map);
    }

    /** Value that is true if the displayed analysis has no load of experts. */
    public ObservableBooleanValue noExperts() {
        return Bindings.createBooleanBinding(
                () -> ExpertLoadView.load(analysis.analysisProperty().get()) == null, analysis.analysisProperty());
    }

    /** Asks for a format and a file, and writes the load of experts. */
    public void exportExperts() {
        export(this::experts);
    }

    private void export(Supplier<@Nullable Figure> figure) {
        Figure found = figure.get();
        if (found != null) {
            exports.export(found);
        }
    }
}
