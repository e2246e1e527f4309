package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ListChangeListener;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/** Data of a chart with the importance of layers by several measures, or by one measure on several tasks. */
final class OverlayViewModel {

    /** Series of the overlay. */
    enum Over {
        /** All measures of the displayed analysis. */
        MEASURES,
        /** All analyses of models with the same number of layers, by the displayed measure. */
        ANALYSES
    }

    /**
     * Contents of an overlay chart.
     *
     * @param quantity title of the value axis
     * @param scaled true if each line is scaled to the range 0 to 1
     */
    record Overlay(List<ImportanceOverlayChart.Series> series, String quantity, boolean scaled) {
        Overlay {
            series = List.copyOf(series);
        }
    }

    private final StudySession session;
    private final ObjectProperty<Over> over = new SimpleObjectProperty<>(Over.MEASURES);
    private final BooleanProperty scaled = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<Overlay> overlay =
            new ReadOnlyObjectWrapper<>(new Overlay(List.of(), "", false));

    OverlayViewModel(StudySession session) {
        this.session = session;
        session.resultProperty().addListener((observable, was, is) -> update());
        session.analysisProperty().addListener((observable, was, is) -> {
            if (AnalysisEntry.same(was, is)) {
                update();
            } else {
                begin();
            }
        });
        session.analyses().addListener((ListChangeListener<AnalysisEntry>) change -> update());
        over.addListener((observable, was, is) -> begin());
        scaled.addListener((observable, was, is) -> update());
        begin();
    }

    ObjectProperty<Over> overProperty() {
        return over;
    }

    /**
     * Property that is true if each line is scaled to the range 0 to 1, which is the only way to compare measures with
     * different units.
     */
    BooleanProperty scaledProperty() {
        return scaled;
    }

    /** Chart to draw; without series if there is no analysis. */
    ReadOnlyObjectProperty<Overlay> overlayProperty() {
        return overlay.getReadOnlyProperty();
    }

    /** Resets the scaling: lines are scaled by default if their units differ. */
    private void begin() {
        AnalysisEntry seen = session.analysisProperty().get();
        scaled.set(
                over.get() == Over.MEASURES && seen != null && seen.analysis().unitsDiffer());
        update();
    }

    private void update() {
        AnalysisEntry seen = session.analysisProperty().get();
        MeasureResult result = session.resultProperty().get();
        if (seen == null || result == null) {
            overlay.set(new Overlay(List.of(), "", false));
        } else if (over.get() == Over.MEASURES) {
            overlay.set(measures(seen.analysis()));
        } else {
            overlay.set(analyses(seen, result));
        }
    }

    private Overlay measures(Analysis analysis) {
        List<ImportanceOverlayChart.Series> series = analysis.results().stream()
                .map(one -> new ImportanceOverlayChart.Series(
                        one.measure().importanceTitle(), one.importance(), one.uncertainty()))
                .toList();
        return new Overlay(series, text("overlay.quantity"), scaled.get());
    }

    private Overlay analyses(AnalysisEntry seen, MeasureResult result) {
        List<ImportanceOverlayChart.Series> series = new ArrayList<>();
        for (AnalysisEntry entry : session.analyses()) {
            Analysis one = entry.analysis();
            if (one.layers() != seen.analysis().layers()) {
                continue;
            }
            one.result(result.measure())
                    .ifPresent(found -> series.add(new ImportanceOverlayChart.Series(
                            text("overlay.analysis", entry.number(), one.model(), entry.task()),
                            found.importance(),
                            found.uncertainty())));
        }
        return new Overlay(series, text("overlay.quantity.of", result.measure().importanceTitle()), scaled.get());
    }
}
