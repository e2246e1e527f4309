package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.Loading;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.study.model.OpenModel;

/** Downloads a model from the hub: shows the size, downloads the files and opens the model. */
public final class HubViewModel {

    /** State of the model whose name is in the field. */
    public enum State {
        /** The model was not checked on the hub. */
        UNKNOWN,
        /** The hub is being queried. */
        CHECKING,
        /** The size of the download is known. */
        FOUND,
        /** The model is being downloaded. */
        FETCHING,
        /** The download was cancelled; the files so far are kept. */
        STOPPED
    }

    /**
     * A model on the hub.
     *
     * @param name name as it was requested
     * @param size size of the download
     */
    public record Found(String name, DownloadSize size) {

        /** Returns the number of bytes still to download. */
        public long missing() {
            return Math.max(0, size.bytes() - size.bytesThere());
        }
    }

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final ModelViewModel opener;
    private final StringProperty name = new SimpleStringProperty("");
    private final BooleanProperty wanted = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.UNKNOWN);
    private final ReadOnlyObjectWrapper<@Nullable Found> found = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();

    /** @param opener opens the downloaded model */
    public HubViewModel(
            StudySession session, Workbench workbench, WorkQueue queue, Dialogs dialogs, ModelViewModel opener) {
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.dialogs = dialogs;
        this.opener = opener;
        name.addListener((observable, was, is) -> forget());
    }

    /** Shows the download of a model, with its name filled in. */
    public void ask(String model) {
        name.set(model);
        opener.choosingProperty().set(true);
        wanted.set(true);
    }

    /** Property that is true if the field for the name shall be shown the next time the user chooses a model. */
    public BooleanProperty wantedProperty() {
        return wanted;
    }

    /** Name in the field: {@code org/name} or {@code org/name@revision}. */
    public StringProperty nameProperty() {
        return name;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Answer of the hub; null before it was queried. */
    public ReadOnlyObjectProperty<@Nullable Found> foundProperty() {
        return found.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Queries the hub for the model whose name is in the field. */
    public void check() {
        String asked = name.get().strip();
        if (asked.isEmpty() || state.get() == State.CHECKING || state.get() == State.FETCHING) {
            return;
        }
        state.set(State.CHECKING);
        found.set(null);
        problem.set(null);
        queue.submit(Work.<DownloadSize>remote(
                        text("hub.checking", asked), progress -> workbench.downloadSize(asked, progress))
                .whenDone(size -> {
                    if (current(asked, State.CHECKING)) {
                        found.set(new Found(asked, size));
                        state.set(State.FOUND);
                    }
                })
                .whenFailed(thrown -> {
                    if (current(asked, State.CHECKING)) {
                        state.set(State.UNKNOWN);
                        problem.set(ReportedError.of(text("hub.check.failed"), thrown, this::check));
                    }
                })
                .whenCancelled(() -> {
                    if (current(asked, State.CHECKING)) {
                        state.set(State.UNKNOWN);
                    }
                }));
    }

    /** Binding that is true if the model will be opened without its weights. */
    public BooleanBinding withoutWeights() {
        return opener.choices().loadingProperty().isEqualTo(Loading.NONE);
    }

    /**
     * Downloads the model that was found and opens it; the task can be paused. Without weights, the model is opened
     * immediately, which downloads the other files.
     */
    public void download() {
        Found model = found.get();
        if (model == null || state.get() != State.FOUND && state.get() != State.STOPPED) {
            return;
        }
        if (withoutWeights().get()) {
            state.set(State.UNKNOWN);
            found.set(null);
            opener.open(model.name());
            return;
        }
        OpenModel before = session.modelProperty().get();
        PauseSwitch pause = new PauseSwitch();
        state.set(State.FETCHING);
        problem.set(null);
        queue.submit(
                Work.<Path>remote(text("hub.fetching"), progress -> workbench.download(model.name(), pause, progress))
                        .pausedBy(pause)
                        .whenDone(folder -> {
                            state.set(State.UNKNOWN);
                            found.set(null);
                            arrived(model, before);
                        })
                        .whenFailed(thrown -> {
                            state.set(State.FOUND);
                            problem.set(ReportedError.of(text("hub.fetch.failed"), thrown, this::download));
                        })
                        .whenCancelled(() -> {
                            state.set(State.STOPPED);
                        }));
    }

    /**
     * Opens the downloaded model, or only notifies the user if the user has continued with something else meanwhile.
     */
    private void arrived(Found model, @Nullable OpenModel before) {
        boolean free = session.analyses().isEmpty()
                && session.modelProperty().get() == before
                && !opener.openingProperty().get();
        if (free) {
            opener.open(model.name());
        } else {
            dialogs.notify(text("hub.done"), text("hub.done.detail", model.name()));
        }
    }

    private boolean current(String asked, State expected) {
        return state.get() == expected && name.get().strip().equals(asked);
    }

    /** Resets the state, which belongs to another name. A running download continues. */
    private void forget() {
        if (state.get() != State.FETCHING) {
            state.set(State.UNKNOWN);
            found.set(null);
            problem.set(null);
        }
    }
}
