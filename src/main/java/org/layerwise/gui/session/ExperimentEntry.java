package org.layerwise.gui.session;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.watch.SavedExperiment;

/** An experiment in the window: its state, and its results so far. Changes on the FX thread only. */
public final class ExperimentEntry {

    /** State of an experiment. */
    public enum State {
        /** Waiting in the queue. */
        QUEUED,
        RUNNING,
        /** All runs have ended, and the report is written. */
        FINISHED,
        /** The pilot has ended, and the experiment has not begun. */
        PILOTED,
        /** Stopped by the user, or by the end of the program. */
        STOPPED,
        FAILED;

        /** Returns true if the experiment is queued or running. */
        public boolean active() {
            return this == QUEUED || this == RUNNING;
        }
    }

    private final Path folder;
    private final ObjectProperty<State> state = new SimpleObjectProperty<>(State.QUEUED);
    private final ReadOnlyObjectWrapper<@Nullable Outcome> outcome = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper place = new ReadOnlyStringWrapper("");
    private final ObservableList<String> pilot = FXCollections.observableArrayList();
    private final ObservableList<String> remarks = FXCollections.observableArrayList();

    /** @param folder folder of the experiment, which need not exist yet */
    public ExperimentEntry(Path folder) {
        this.folder = folder;
    }

    /** Shows an experiment as it was saved. */
    public void show(SavedExperiment saved) {
        outcome.set(saved.outcome());
        pilot.setAll(saved.pilot());
        boolean begun = saved.outcome() != null || saved.pilot().isEmpty();
        reach(saved.ended() ? State.FINISHED : begun ? State.STOPPED : State.PILOTED);
    }

    /** Returns the folder of the experiment. */
    public Path folder() {
        return folder;
    }

    /** Returns the name of the folder. */
    public String name() {
        return String.valueOf(folder.getFileName());
    }

    /** State of the experiment. */
    public ObjectProperty<State> stateProperty() {
        return state;
    }

    /** Outcome of the final runs so far; null before the first. */
    public ReadOnlyObjectProperty<@Nullable Outcome> outcomeProperty() {
        return outcome.getReadOnlyProperty();
    }

    /** Run that is trained, in words; empty if none is. */
    public ReadOnlyStringProperty placeProperty() {
        return place.getReadOnlyProperty();
    }

    /** Returns the sentences of the pilot; empty if there was none. */
    public ObservableList<String> pilot() {
        return pilot;
    }

    /** Returns the remarks so far, in order. */
    public ObservableList<String> remarks() {
        return remarks;
    }

    /** Sets the outcome of the final runs so far; null for none. */
    public void show(@Nullable Outcome now) {
        outcome.set(now);
    }

    /** Sets the state to running, and the run that is trained; empty for none, such as during the analysis. */
    public void run(String words) {
        state.set(State.RUNNING);
        place.set(words);
    }

    /** Sets the state of an experiment in which no run is trained. */
    public void reach(State reached) {
        place.set("");
        state.set(reached);
    }

    /** Sets the sentences of the pilot. */
    public void showPilot(List<String> sentences) {
        pilot.setAll(sentences);
    }
}
