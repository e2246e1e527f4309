package org.layerwise.gui.model;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Opens models and says what is open. */
public final class ModelViewModel {

    /** The location of the model that comes with the program. */
    public static final String SAMPLE = "sample";

    /** The device that the engine chooses. */
    public static final String AUTO = "auto";

    private final StudySession session;
    private final Engine engine;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final StringProperty device = new SimpleStringProperty(AUTO);
    private final ObservableList<String> devices = FXCollections.observableArrayList(AUTO);
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();
    private @Nullable String location;

    public ModelViewModel(StudySession session, Engine engine, WorkQueue queue, Dialogs dialogs) {
        this.session = session;
        this.engine = engine;
        this.queue = queue;
        this.dialogs = dialogs;
    }

    /** The open model, null before one is opened. */
    public ObjectProperty<@Nullable LoadedModel> modelProperty() {
        return session.modelProperty();
    }

    /** Where the next model is loaded to: auto, cpu, cuda[:i]. */
    public StringProperty deviceProperty() {
        return device;
    }

    /** What can be chosen as device; all of them once the engine runs. */
    public ObservableList<String> devices() {
        return devices;
    }

    /** Whether a model is being opened. */
    public ReadOnlyBooleanProperty openingProperty() {
        return opening.getReadOnlyProperty();
    }

    /** What went wrong last, null if nothing did. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Opens a HuggingFace folder, or {@link #SAMPLE}. */
    public void open(String model) {
        open(model, () -> {});
    }

    /**
     * Opens a model and goes on when it is there. Asks first if analyses of the open model would be lost.
     *
     * @param next called on the FX thread, only if the model could be opened
     */
    public void open(String model, Runnable next) {
        if (mayLeave()) {
            load(model, next);
        }
    }

    private boolean mayLeave() {
        int analyses = session.analyses().size();
        return analyses == 0
                || dialogs.confirm(
                        text("model.leave.title"),
                        text("model.leave.sentence", analyses),
                        text("model.leave.open"),
                        text("model.leave.keep"));
    }

    private void load(String model, Runnable next) {
        opening.set(true);
        problem.set(null);
        String name = SAMPLE.equals(model)
                ? text("model.sample")
                : String.valueOf(Path.of(model).getFileName());
        String chosenDevice = device.get();
        queue.submit(Work.heavy(text("model.opening", name), progress -> {
                    LoadedModel opened = engine.openModel(model, chosenDevice, progress);
                    return new Opened(opened, engine.devices());
                })
                .whenDone(opened -> {
                    opening.set(false);
                    location = model;
                    show(opened);
                    next.run();
                })
                .whenFailed(thrown -> {
                    opening.set(false);
                    Problem failed = Problem.of(text("model.failed"), thrown, () -> load(model, next));
                    problem.set(failed);
                    dialogs.error(failed);
                })
                .whenCancelled(() -> opening.set(false)));
    }

    /** Loads the open model again, after another device was chosen. */
    public void reopen() {
        if (location != null) {
            open(location);
        }
    }

    private void show(Opened opened) {
        devices.removeIf(known -> !AUTO.equals(known) && !opened.devices.contains(known));
        opened.devices.stream().filter(found -> !devices.contains(found)).forEach(devices::add);
        LoadedModel before = session.modelProperty().get();
        session.analysisProperty().set(null); // layers of one model mean nothing to another
        session.analyses().clear();
        session.modelProperty().set(opened.model);
        if (before != null) {
            // behind whatever still works with it
            queue.submit(Work.heavy(text("model.closing", before.card().name()), progress -> {
                before.close();
                return true;
            }));
        }
    }

    private record Opened(LoadedModel model, List<String> devices) {}
}
