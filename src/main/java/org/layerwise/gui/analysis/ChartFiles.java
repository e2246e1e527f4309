package org.layerwise.gui.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.ColourScale;
import org.layerwise.gui.chart.Exports;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.MeasureResult;

/** The figures of the analyses: of the one that is looked at as the window shows them, and of all. */
public final class ChartFiles {

    private final StudySession session;
    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final Exports exports;

    public ChartFiles(StudySession session, AnalysisViewModel analysis, SelectionViewModel selection, Exports exports) {
        this.session = session;
        this.analysis = analysis;
        this.selection = selection;
        this.exports = exports;
    }

    /** What writes and copies them. */
    public Exports exports() {
        return exports;
    }

    /** The heatmap that is looked at; null if there is none. */
    public @Nullable Figure heatmap() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        return entry == null || result == null || done == null
                ? null
                : AnalysisFigures.heatmap(
                        entry, result, done, analysis.colours().scale());
    }

    /** The ranking that is looked at, with its selection; null if there is none. */
    public @Nullable Figure ranking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        LayerSelection layers = selection.selectionProperty().get();
        return entry == null || result == null || layers == null
                ? null
                : AnalysisFigures.ranking(entry, result, layers);
    }

    /** The overlay that is looked at; null if there is none. */
    public @Nullable Figure overlay() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        return entry == null || shown.series().isEmpty() ? null : AnalysisFigures.overlay(entry, shown);
    }

    /** Heatmap and ranking of every measure of every analysis, and what the overlay shows. */
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
            }
        }
        Figure overlay = overlay();
        if (overlay != null
                && analysis.overlay().overlayProperty().get().series().size() > 1) {
            figures.add(overlay);
        }
        return figures;
    }

    /** Asks how and where and writes the heatmap. */
    public void exportHeatmap() {
        export(this::heatmap);
    }

    /** Asks how and where and writes the ranking with its selection. */
    public void exportRanking() {
        export(this::ranking);
    }

    /** Asks how and where and writes the overlay. */
    public void exportOverlay() {
        export(this::overlay);
    }

    private void export(Supplier<@Nullable Figure> figure) {
        Figure found = figure.get();
        if (found != null) {
            exports.export(found);
        }
    }
}
