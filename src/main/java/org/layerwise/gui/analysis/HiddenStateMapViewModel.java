package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.analysis.MeasureResult;

/** Map of the hidden states of the displayed analysis, for measures whose distances are a metric. */
public final class HiddenStateMapViewModel {

    /** Map on display. */
    record Shown(MeasureResult result, HiddenStateMap map) {}

    private final StudySession session;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();

    public HiddenStateMapViewModel(StudySession session, WorkQueue queue, Dialogs dialogs) {
        this.session = session;
        this.queue = queue;
        this.dialogs = dialogs;
        session.resultProperty().addListener((observable, was, is) -> map(is));
        map(session.resultProperty().get());
    }

    /** Map on display; null if the displayed result has none, or while it is computed. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Displayed result; null without an analysis. */
    ReadOnlyObjectProperty<@Nullable MeasureResult> resultProperty() {
        return session.resultProperty();
    }

    /** Returns true if a result has distances that can be mapped. */
    static boolean isMappable(@Nullable MeasureResult result) {
        return result != null && result.similarity() != null && result.measure().isMetric();
    }

    /** Returns the results of the displayed analysis that have distances that can be mapped. */
    List<MeasureResult> results() {
        return session.results(HiddenStateMapViewModel::isMappable);
    }

    /** Shows a result of the displayed analysis. */
    void show(MeasureResult result) {
        session.resultProperty().set(result);
    }

    private void map(@Nullable MeasureResult result) {
        shown.set(null);
        SimilarityMatrix matrix = result == null ? null : result.similarity();
        if (result != null && matrix != null && isMappable(result)) {
            queue.submit(Work.<Optional<HiddenStateMap>>quiet(
                            text("map.title"), progress -> HiddenStateMap.of(result.measure(), matrix))
                    .whenDone(found -> {
                        if (result == session.resultProperty().get()) {
                            shown.set(found.map(map -> new Shown(result, map)).orElse(null));
                        }
                    })
                    .whenFailed(dialogs.failure(text("map.failed"), () -> map(result))));
        }
    }
}
