package org.layerwise.gui.analysis;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/** Stability of the displayed analysis for one of its measures. */
public final class StabilityViewModel {

    private final StudySession session;
    private final AnalysisViewModel analysis;
    private final FigureExporter exports;
    private final ReadOnlyObjectWrapper<@Nullable Stability> stability = new ReadOnlyObjectWrapper<>();

    /**
     * @param analysis computes the analysis
     * @param exports writes the charts and tables
     */
    public StabilityViewModel(StudySession session, AnalysisViewModel analysis, FigureExporter exports) {
        this.exports = exports;
        this.session = session;
        this.analysis = analysis;
        session.analysisProperty().addListener((observable, was, is) -> update());
        session.resultProperty().addListener((observable, was, is) -> update());
        update();
    }

    /** Results of resampling; null if the analysis was not resampled. */
    ReadOnlyObjectProperty<@Nullable Stability> stabilityProperty() {
        return stability.getReadOnlyProperty();
    }

    /** Table with one row per layer. */
    public ObservableValue<Sheet> layers() {
        return stability.map(Stability::layers).orElse(Sheet.empty());
    }

    /** Table with one row per sample size. */
    public ObservableValue<Sheet> curve() {
        return stability.map(Stability::curve).orElse(Sheet.empty());
    }

    /** Returns the object that writes and copies the figures. */
    public FigureExporter exports() {
        return exports;
    }

    /** Returns the figure of how often each layer is selected; null if the analysis was not resampled. */
    public @Nullable Figure probabilityFigure() {
        Stability shown = stability.get();
        return shown == null ? null : shown.probabilityFigure();
    }

    /**
     * Returns the figure of the share of the proposed layers that fewer samples find; null if the analysis was not
     * resampled.
     */
    public @Nullable Figure curveFigure() {
        Stability shown = stability.get();
        return shown == null ? null : shown.curveFigure();
    }

    /** Returns both figures for every measure of every resampled analysis. */
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (AnalysisEntry entry : session.analyses()) {
            for (MeasureResult result : entry.analysis().results()) {
                Stability found = Stability.of(entry.analysis(), result);
                if (found != null) {
                    String before = "analysis-%s-".formatted(entry.number());
                    figures.add(found.probabilityFigure().behind(before));
                    figures.add(found.curveFigure().behind(before));
                }
            }
        }
        return figures;
    }

    /**
     * Analyzes the open model on the open data with resampling; later analyses are resampled as well. Without a number
     * of replicates, there are {@link AnalysisForm#USUAL_REPLICATES}, since nothing else shows the stability.
     */
    public void analyze() {
        analysis.form().resampleProperty().set(true);
        if (analysis.form().replicatesProperty().get() == 0) {
            analysis.form().replicatesProperty().set(AnalysisForm.USUAL_REPLICATES);
        }
        analysis.analyze();
    }

    private void update() {
        AnalysisEntry entry = session.analysisProperty().get();
        Analysis seen = entry == null ? null : entry.analysis();
        MeasureResult result = session.resultProperty().get();
        boolean its = seen != null && result != null && seen.results().contains(result);
        stability.set(its ? Stability.of(seen, result) : null);
    }
}
