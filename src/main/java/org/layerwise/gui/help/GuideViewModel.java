package org.layerwise.gui.help;

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

/** Finds the next step of the guide from the state of the study. */
public final class GuideViewModel {

    /** Steps of the guide, in order. */
    public enum Step {
        /** Neither a model nor data is open. */
        START,
        /** Model or data are open or being opened. */
        WAIT,
        /** An analysis is available to read and to select layers from. */
        PICK,
        /** A training is running. */
        WATCH,
        /** A training has finished and left an adapter. */
        KEEP,
        /** The guide is not shown: it is over, or nothing is open in a window of someone who has opened something before. */
        HIDDEN
    }

    private final StudySession session;
    private final GuideStore memory;
    private final SimpleBooleanProperty over;
    private final ObservableBooleanValue saved;
    private final ReadOnlyObjectWrapper<Step> step = new ReadOnlyObjectWrapper<>(Step.HIDDEN);

    /** @param saved true if the study has a file, which is the last step */
    public GuideViewModel(StudySession session, ObservableBooleanValue saved, GuideStore memory) {
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

    /** Next step of the guide. */
    public ReadOnlyObjectProperty<Step> stepProperty() {
        return step.getReadOnlyProperty();
    }

    /** Dismisses the guide permanently. */
    public void dismiss() {
        over.set(true);
        memory.setGuided(true);
        look();
    }

    /** Shows the guide again. */
    public void begin() {
        over.set(false);
        memory.setGuided(false);
        memory.setBegun(false);
        look();
    }

    private void look() {
        if (!over.get() && saved.get() && has(RunEntry.State.FINISHED)) {
            over.set(true);
            memory.setGuided(true);
        }
        if (!nothingOpen() && !memory.begun()) {
            memory.setBegun(true);
        }
        step.set(next());
    }

    private Step next() {
        if (over.get()) {
            return Step.HIDDEN;
        }
        if (has(RunEntry.State.FINISHED)) {
            return Step.KEEP;
        }
        if (session.runs().stream().anyMatch(RunEntry::active)) {
            return Step.WATCH;
        }
        if (session.analysisProperty().get() != null) {
            return Step.PICK;
        }
        if (!nothingOpen()) {
            return Step.WAIT;
        }
        return memory.begun() ? Step.HIDDEN : Step.START;
    }

    private boolean nothingOpen() {
        return session.modelProperty().get() == null && session.dataProperty().get() == null;
    }

    private boolean has(RunEntry.State state) {
        return session.runs().stream().anyMatch(run -> run.stateProperty().get() == state);
    }
}
