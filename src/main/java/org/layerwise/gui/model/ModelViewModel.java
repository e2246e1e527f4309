package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.OpenModel;

/** Opens models and describes the open one. */
public final class ModelViewModel {

    /** Location of the sample model that is part of the program. */
    public static final String SAMPLE = "sample";

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final RecentFolders recent;
    private final OpenOptions choices = new OpenOptions();
    private final OpenMemory memory;
    private final BooleanProperty choosing = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private @Nullable String location;
    private @Nullable ModelSettings openedWith;

    /** @param recent list of recently opened folders */
    public ModelViewModel(
            StudySession session, Workbench workbench, WorkQueue queue, Dialogs dialogs, RecentFolders recent) {
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.dialogs = dialogs;
        this.recent = recent;
        this.memory = new OpenMemory(workbench, queue, choices);
    }

    /** Open model; null before a model is opened. */
    public ObjectProperty<@Nullable OpenModel> modelProperty() {
        return session.modelProperty();
    }

    /** Returns the memory that a model would take with these choices. */
    public OpenMemory memory() {
        return memory;
    }

    /** Returns the choices for opening the next model. */
    public OpenOptions choices() {
        return choices;
    }

    /**
     * Property that is true while the user chooses a model: the pane shows the ways to open one instead of the model.
     */
    public BooleanProperty choosingProperty() {
        return choosing;
    }

    /** Property that is true while a model is being opened. */
    public ReadOnlyBooleanProperty openingProperty() {
        return opening.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Opens a HuggingFace folder, a model by its name on the hub, or {@link #SAMPLE}. */
    public void open(String model) {
        open(model, () -> {});
    }

    /**
     * Opens a model and then calls an action. Analyses of the previous model stay in the study.
     *
     * @param next action on the FX thread, called only if the model could be opened
     */
    public void open(String model, Runnable next) {
        load(choices.settings(model), next);
    }

    /**
     * Returns the location and the settings of the open or the next model; the location is empty if there is neither.
     */
    public ModelSettings chosen() {
        return choices.settings(location == null ? "" : location);
    }

    /** Sets the model to open later, for example the model of a study whose folder does not exist. */
    public void prepare(ModelSettings settings) {
        choices.choose(settings);
        location = settings.model().isEmpty() ? null : settings.model();
    }

    /** Returns the settings with which the open model was opened; null before a model is opened. */
    public @Nullable ModelSettings openedWith() {
        return openedWith;
    }

    /**
     * Returns true if a location belongs to the open model: a folder, a name on the hub, or {@link #SAMPLE}. A folder
     * that does not exist, for example in a file from another computer, is identified by the last part of its path.
     */
    public boolean isOpen(String model) {
        OpenModel open = session.modelProperty().get();
        return open != null
                && (model.equals(location) || name(model).equals(open.card().name()) && !isOther(model));
    }

    /** Returns true if a location certainly belongs to another model than the open one. */
    private boolean isOther(String model) {
        return openedWith != null && ModelLocator.isOther(model, openedWith.model());
    }

    /** Returns the recently opened folders, the last one first. */
    public List<Path> recentFolders() {
        return recent.recent();
    }

    /** Opens a folder and adds it to the recent folders. */
    public void open(Path folder) {
        open(folder.toString(), () -> recent.add(folder));
    }

    private void load(ModelSettings settings, Runnable next) {
        opening.set(true);
        choosing.set(false);
        problem.set(null);
        queue.submit(Work.heavy(text("model.opening", name(settings.model())), progress -> {
                    OpenModel opened = workbench.openModel(settings, new PauseSwitch(), progress);
                    return new Opened(opened, workbench.devices());
                })
                .whenDone(opened -> {
                    opening.set(false);
                    location = settings.model();
                    openedWith = settings;
                    show(opened);
                    next.run();
                })
                .whenFailed(thrown -> {
                    opening.set(false);
                    ReportedError failed = ReportedError.of(text("model.failed"), thrown, () -> load(settings, next));
                    problem.set(failed);
                    dialogs.error(failed);
                })
                .whenCancelled(() -> opening.set(false)));
    }

    /** Returns the name of a model that is not open yet. */
    static String name(String model) {
        if (SAMPLE.equals(model)) {
            return text("model.sample");
        }
        String withoutRevision = model.replaceFirst("@.*", "");
        return withoutRevision.substring(withoutRevision.replace('\\', '/').lastIndexOf('/') + 1);
    }

    /** Opens the open model again, after another device, precision or loading mode was chosen. */
    public void reopen() {
        if (location != null) {
            open(location);
        }
    }

    /** Returns true if an analysis belongs to a model and not to another one with the same name. */
    private boolean isOf(OpenModel model, Analysis analysis) {
        String analysed = analysis.provenance().modelReference();
        return StudySession.of(model, analysis) && (analysed == null || !isOther(analysed));
    }

    private void show(Opened opened) {
        choices.offer(opened.devices);
        OpenModel before = session.modelProperty().get();
        AnalysisEntry seen = session.analysisProperty().get();
        if (seen != null && !isOf(opened.model, seen.analysis())) {
            session.analysisProperty().set(null); // the layers of one model mean nothing for another
        }
        session.modelProperty().set(opened.model);
        if (before != null) {
            // after all tasks that still use the previous model
            queue.submit(Work.heavy(text("model.closing", before.card().name()), progress -> {
                before.close();
                return true;
            }));
        }
    }

    private record Opened(OpenModel model, List<String> devices) {}
}
