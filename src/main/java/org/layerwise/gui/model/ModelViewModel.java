package org.layerwise.gui.model;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.Analysis;
import org.layerwise.study.ModelNames;
import org.layerwise.study.ModelSettings;

/** Opens models and says what is open. */
public final class ModelViewModel {

    /** The location of the model that comes with the program. */
    public static final String SAMPLE = "sample";

    private final StudySession session;
    private final Engine engine;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final RecentFolders recent;
    private final OpenChoices choices = new OpenChoices();
    private final BooleanProperty choosing = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();
    private @Nullable String location;
    private @Nullable ModelSettings openedWith;

    /** @param recent hears which folders were opened */
    public ModelViewModel(StudySession session, Engine engine, WorkQueue queue, Dialogs dialogs, RecentFolders recent) {
        this.session = session;
        this.engine = engine;
        this.queue = queue;
        this.dialogs = dialogs;
        this.recent = recent;
    }

    /** The open model, null before one is opened. */
    public ObjectProperty<@Nullable LoadedModel> modelProperty() {
        return session.modelProperty();
    }

    /** How the next model is opened. */
    public OpenChoices choices() {
        return choices;
    }

    /** Whether people are choosing a model: the pane to open one is shown instead of the model. */
    public BooleanProperty choosingProperty() {
        return choosing;
    }

    /** Whether a model is being opened. */
    public ReadOnlyBooleanProperty openingProperty() {
        return opening.getReadOnlyProperty();
    }

    /** What went wrong last, null if nothing did. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Opens a HuggingFace folder, a model of the hub by its name there, or {@link #SAMPLE}. */
    public void open(String model) {
        open(model, () -> {});
    }

    /**
     * Opens a model and goes on when it is there. Analyses of the model before it stay in the study.
     *
     * @param next called on the FX thread, only if the model could be opened
     */
    public void open(String model, Runnable next) {
        load(choices.settings(model), next);
    }

    /** The model and how it is opened next, or was; its name is empty before there is one. */
    public ModelSettings chosen() {
        return choices.settings(location == null ? "" : location);
    }

    /** Takes a model to be opened later, such as the one of a study whose folder is not there. */
    public void prepare(ModelSettings settings) {
        choices.choose(settings);
        location = settings.model().isEmpty() ? null : settings.model();
    }

    /** How the open model was opened, null before one is. */
    public @Nullable ModelSettings openedWith() {
        return openedWith;
    }

    /**
     * Returns true if the open model is the one of a name: of a folder, of the hub, or {@link #SAMPLE}. A folder that is not there, as in
     * a file of another machine, is known by the last part of its name.
     */
    public boolean isOpen(String model) {
        LoadedModel open = session.modelProperty().get();
        return open != null
                && (model.equals(location) || name(model).equals(open.card().name()) && !isOther(model));
    }

    /** Returns true if a name surely stands for another model than the open one. */
    private boolean isOther(String model) {
        return openedWith != null && ModelNames.isOther(model, openedWith.model());
    }

    /** The folders that were opened, the last one first. */
    public List<Path> recentFolders() {
        return recent.recent();
    }

    /** Opens a folder and remembers it. */
    public void open(Path folder) {
        open(folder.toString(), () -> recent.add(folder));
    }

    private void load(ModelSettings settings, Runnable next) {
        opening.set(true);
        choosing.set(false);
        problem.set(null);
        queue.submit(Work.heavy(text("model.opening", name(settings.model())), progress -> {
                    LoadedModel opened = engine.openModel(settings, new Pause(), progress);
                    return new Opened(opened, engine.devices());
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
                    Problem failed = Problem.of(text("model.failed"), thrown, () -> load(settings, next));
                    problem.set(failed);
                    dialogs.error(failed);
                })
                .whenCancelled(() -> opening.set(false)));
    }

    /** What a model is called before it is open. */
    static String name(String model) {
        if (SAMPLE.equals(model)) {
            return text("model.sample");
        }
        String withoutRevision = model.replaceFirst("@.*", "");
        return withoutRevision.substring(withoutRevision.replace('\\', '/').lastIndexOf('/') + 1);
    }

    /** Opens the open model again, after another device, precision or loading was chosen. */
    public void reopen() {
        if (location != null) {
            open(location);
        }
    }

    /** Returns true if an analysis is of a model, and not of another one of the same name. */
    private boolean isOf(LoadedModel model, Analysis analysis) {
        String analysed = analysis.provenance().modelReference();
        return StudySession.of(model, analysis) && (analysed == null || !isOther(analysed));
    }

    private void show(Opened opened) {
        choices.offer(opened.devices);
        LoadedModel before = session.modelProperty().get();
        AnalysisEntry seen = session.analysisProperty().get();
        if (seen != null && !isOf(opened.model, seen.analysis())) {
            session.analysisProperty().set(null); // layers of one model mean nothing to another
        }
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
