package org.layerwise.gui.guide;

import java.util.List;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.collections.ListChangeListener;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;

/** Which of the first steps comes next, as far as the study says. */
public final class GuideViewModel {

    /** The steps, in their order. */
    public enum Step {
        /** Nothing is open. */
        START,
        /** Model and data are there, or on their way. */
        WAIT,
        /** There is a heatmap to read and layers to pick. */
        PICK,
        /** A training works. */
        WATCH,
        /** A training has left an adapter. */
        KEEP,
        /** The guide is not shown. */
        OVER
    }

    private final StudySession session;
    private final GuideMemory memory;
    private final SimpleBooleanProperty over;
    private final ObservableBooleanValue saved;
    private final ReadOnlyObjectWrapper<Step> step = new ReadOnlyObjectWrapper<>(Step.OVER);

    /** @param saved whether the study has a file: the last step */
    public GuideViewModel(StudySession session, ObservableBooleanValue saved, GuideMemory memory) {
        this.session = session;
        this.saved = saved;
        this.memory = memory;
        over = new SimpleBooleanProperty(memory.guided());
        InvalidationListener look = changed -> look();
        for (Observable part :
                List.of(session.modelProperty(), session.dataProperty(), session.analysisProperty(), saved)) {
            part.addListener(look);
        }
        session.runs().addListener((ListChangeListener<RunEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(run -> run.stateProperty().addListener((state, was, is) -> look()));
            }
            look();
        });
        look();
    }

    /** What comes next. */
    public ReadOnlyObjectProperty<Step> stepProperty() {
        return step.getReadOnlyProperty();
    }

    /** Puts the guide away for good. */
    public void dismiss() {
        over.set(true);
        memory.setGuided(true);
        look();
    }

    /** Shows it again. */
    public void begin() {
        over.set(false);
        memory.setGuided(false);
        look();
    }

    private void look() {
        Step next = next();
        if (next == Step.OVER && !over.get()) {
            over.set(true);
            memory.setGuided(true);
        }
        step.set(next);
    }

    private Step next() {
        if (over.get()) {
            return Step.OVER;
        }
        if (has(RunEntry.State.FINISHED)) {
            return saved.get() ? Step.OVER : Step.KEEP;
        }
        if (session.runs().stream().anyMatch(RunEntry::active)) {
            return Step.WATCH;
        }
        if (session.analysisProperty().get() != null) {
            return Step.PICK;
        }
        boolean nothing =
                session.modelProperty().get() == null && session.dataProperty().get() == null;
        return nothing ? Step.START : Step.WAIT;
    }

    private boolean has(RunEntry.State state) {
        return session.runs().stream().anyMatch(run -> run.stateProperty().get() == state);
    }
}
