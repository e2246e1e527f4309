package org.layerwise.gui.stability;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.chart.Exports;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.sheet.Sheet;
import org.layerwise.study.Analysis;
import org.layerwise.study.MeasureResult;

/** How far the analysis that is looked at can be trusted, by one of its measures. */
public final class StabilityViewModel {

    private final StudySession session;
    private final AnalysisViewModel analysis;
    private final Exports exports;
    private final ReadOnlyObjectWrapper<@Nullable Stability> stability = new ReadOnlyObjectWrapper<>();

    /**
     * @param analysis computes it
     * @param exports writes its charts and tables
     */
    public StabilityViewModel(StudySession session, AnalysisViewModel analysis, Exports exports) {
        this.exports = exports;
        this.session = session;
        this.analysis = analysis;
        session.analysisProperty().addListener((observable, was, is) -> judge());
        session.resultProperty().addListener((observable, was, is) -> judge());
        judge();
    }

    /** The measure that is looked at here and in the analysis pane; null without an analysis. */
    public ObjectProperty<@Nullable MeasureResult> resultProperty() {
        return session.resultProperty();
    }

    /** What resampling says; null where the analysis was not resampled. */
    ReadOnlyObjectProperty<@Nullable Stability> stabilityProperty() {
        return stability.getReadOnlyProperty();
    }

    /** The analysis that is looked at. */
    public ObservableValue<@Nullable AnalysisEntry> analysisProperty() {
        return session.analysisProperty();
    }

    /** The table of layers. */
    public ObservableValue<Sheet> layers() {
        return stability.map(Stability::layers).orElse(Sheet.empty());
    }

    /** The table of sample counts. */
    public ObservableValue<Sheet> curve() {
        return stability.map(Stability::curve).orElse(Sheet.empty());
    }

    /** What writes and copies the figures. */
    public Exports exports() {
        return exports;
    }

    /** How often layers are chosen; null where the analysis was not resampled. */
    public @Nullable Figure probabilityFigure() {
        Stability shown = stability.get();
        return shown == null ? null : shown.probabilityFigure();
    }

    /** How many layers fewer samples find; null where the analysis was not resampled. */
    public @Nullable Figure curveFigure() {
        Stability shown = stability.get();
        return shown == null ? null : shown.curveFigure();
    }

    /** Both of every measure of every analysis that was resampled. */
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

    /** How often samples are drawn anew by {@link #analyze}. */
    public IntegerProperty replicatesProperty() {
        return analysis.form().replicatesProperty();
    }

    /** How many permutations stand for unrelated data in {@link #analyze}. */
    public IntegerProperty permutationsProperty() {
        return analysis.form().permutationsProperty();
    }

    /** Whether there is what {@link #analyze} needs. */
    public BooleanBinding ready() {
        return analysis.ready();
    }

    /** Whether an analysis waits or runs. */
    public ReadOnlyBooleanProperty runningProperty() {
        return analysis.runningProperty();
    }

    /** Analyzes the open model on the open data, with resampling; later analyses are resampled too. */
    public void analyze() {
        analysis.form().resampleProperty().set(true);
        analysis.analyze();
    }

    private void judge() {
        AnalysisEntry entry = session.analysisProperty().get();
        Analysis seen = entry == null ? null : entry.analysis();
        MeasureResult result = session.resultProperty().get();
        boolean its = seen != null && result != null && seen.results().contains(result);
        stability.set(its ? Stability.of(seen, result) : null);
    }
}
