package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.InvalidationListener;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableBooleanValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.ExperimentEntry.State;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.study.Workbench;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.experiment.ExperimentReport;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.watch.SavedExperiment;
import org.layerwise.study.model.OpenModel;

/** Checks an experiment and its pilot, starts them, and opens earlier ones. */
public final class ExperimentViewModel {

    private final StudySession session;
    private final Workbench workbench;
    private final ExperimentForm form;
    private final ExperimentDraft draft;
    private final World world;
    private final ReadOnlyStringWrapper cost = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper start = new ReadOnlyStringWrapper("");
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper ready = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper pilotReady = new ReadOnlyBooleanWrapper();
    private final Map<ExperimentEntry, WorkQueue.Handle> handles = new HashMap<>();

    /**
     * Services.
     *
     * @param runsFolder returns the parent of new run folders; experiments are beside it
     * @param web opens an address in the browser
     */
    public record World(
            WorkQueue queue,
            FxExecutor ui,
            FileDialogs files,
            Dialogs dialogs,
            FigureExporter exports,
            Supplier<Path> runsFolder,
            Clock clock,
            Consumer<URI> web) {}

    public ExperimentViewModel(
            StudySession session, Workbench workbench, ExperimentForm form, SharedSettings shared, World world) {
        this.session = session;
        this.workbench = workbench;
        this.form = form;
        this.world = world;
        draft = new ExperimentDraft(session, form, shared, world.runsFolder, world.clock);
        InvalidationListener changed = observable -> validate();
        Runnable soon = world.ui.coalesced(this::validate);
        form.parts().forEach(part -> part.addListener(changed));
        shared.inputs().forEach(input -> input.addListener((InvalidationListener) observable -> soon.run()));
        session.modelProperty().addListener(changed);
        session.dataProperty().addListener(changed);
        session.dataChangedProperty().addListener(changed);
        validate();
    }

    /** Returns what an experiment adds to the settings of an analysis and a training. */
    ExperimentForm form() {
        return form;
    }

    /** Returns the experiments of the study. */
    StudySession session() {
        return session;
    }

    /** Number of runs, in one line; empty while something is missing. */
    ReadOnlyStringProperty costProperty() {
        return cost.getReadOnlyProperty();
    }

    /** Reason why no experiment can start, in one sentence; empty if one can. */
    ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Property that is true if the experiment in the form can start: nothing is missing, and it is not running. */
    public ReadOnlyBooleanProperty readyProperty() {
        return ready.getReadOnlyProperty();
    }

    /** Property that is true if a pilot can start: the experiment can, and there are validation rows. */
    public ReadOnlyBooleanProperty pilotReadyProperty() {
        return pilotReady.getReadOnlyProperty();
    }

    /** Words on the button that starts the experiment. */
    ReadOnlyStringProperty startProperty() {
        return start.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Returns the object that exports and copies figures. */
    FigureExporter exports() {
        return world.exports;
    }

    /** Returns the command for the experiment in the form; empty while something is missing. */
    public Optional<EquivalentCommand> command() {
        return draft.settings().map(ExperimentFolder::command);
    }

    private void validate() {
        Optional<ExperimentSettings> settings = draft.settings();
        mistake.set(draft.mistake().orElse(""));
        cost.set(settings.map(ExperimentDraft::runs).orElse(""));
        Optional<ExperimentEntry> entry = known();
        boolean free = entry.filter(handles::containsKey).isEmpty();
        ready.set(free && settings.isPresent());
        pilotReady.set(free && settings.filter(ExperimentDraft::hasValidation).isPresent());
        State reached = entry.map(known -> known.stateProperty().get()).orElse(State.PILOTED);
        start.set(text(
                switch (reached) {
                    case PILOTED -> "experiment.start";
                    case FINISHED -> "experiment.extend";
                    case QUEUED, RUNNING, STOPPED, FAILED -> "experiment.resume";
                }));
    }

    /** Returns the experiment in the folder of the form, if the study has it. */
    private Optional<ExperimentEntry> known() {
        String typed = form.folderProperty().get().strip();
        return session.experiments().stream()
                .filter(entry -> entry.folder().toString().equals(typed))
                .findFirst();
    }

    /** Starts or resumes the experiment, after the work that is running or queued. */
    public void start() {
        begin(
                false,
                (job, pause, progress, listener) -> new ExperimentWork.Result(
                        ExperimentReport.outcome(job.run(pause, progress, listener)), List.of()));
    }

    /** Starts a pilot, after the work that is running or queued. */
    public void pilot() {
        int seeds = form.pilotSeedsProperty().get();
        begin(
                true,
                (job, pause, progress, listener) -> new ExperimentWork.Result(
                        null, job.pilot(seeds, pause, progress, listener).lines()));
    }

    private void begin(boolean pilot, ExperimentWork.Body body) {
        OpenModel model = session.modelProperty().get();
        ExperimentSettings settings = draft.settings().orElse(null);
        if (model == null || settings == null) {
            return;
        }
        form.folderProperty().set(settings.out().toString());
        ExperimentEntry entry = session.experiment(settings.out());
        session.experimentProperty().set(entry);
        if (handles.containsKey(entry)) {
            return;
        }
        problem.set(null);
        entry.remarks().clear();
        // a pilot of a finished experiment leaves its report as it is
        Optional<State> kept =
                Optional.of(entry.stateProperty().get()).filter(state -> pilot && state == State.FINISHED);
        entry.reach(State.QUEUED);
        ExperimentWork work = new ExperimentWork(workbench, model, settings, entry, world.ui);
        Runnable over = () -> {
            handles.remove(entry);
            validate();
        };
        handles.put(
                entry,
                world.queue.submit(work.of(text("experiment.title", entry.name()), body)
                        .whenDone(result -> {
                            work.drain();
                            end(entry, result, kept.orElse(State.PILOTED));
                            over.run();
                        })
                        .whenFailed(thrown -> {
                            work.drain();
                            entry.reach(State.FAILED);
                            over.run();
                            ReportedError failed = ReportedError.of(text("experiment.failed"), thrown, null);
                            problem.set(failed);
                            world.dialogs.error(failed);
                            forgetUnwritten(entry);
                        })
                        .whenCancelled(() -> {
                            work.drain();
                            entry.reach(kept.orElse(State.STOPPED));
                            over.run();
                            forgetUnwritten(entry);
                        })));
        validate();
    }

    /** Removes an experiment that was refused, or stopped in the queue, before its folder was written. */
    private void forgetUnwritten(ExperimentEntry entry) {
        world.queue.submit(
                Work.quiet(text("experiment.opening", entry.name()), progress -> ExperimentFolder.isOne(entry.folder()))
                        .whenDone(written -> {
                            if (!written && !handles.containsKey(entry)) {
                                session.remove(entry);
                                validate();
                            }
                        }));
    }

    private void end(ExperimentEntry entry, ExperimentWork.Result result, State piloted) {
        Outcome outcome = result.outcome();
        if (outcome == null) {
            entry.showPilot(result.pilot());
            entry.reach(piloted);
            world.dialogs.notify(text("experiment.piloted"), entry.name());
            return;
        }
        entry.show(outcome);
        entry.reach(State.FINISHED);
        world.dialogs.notify(
                text("experiment.done"),
                outcome.conclusion().stream().findFirst().orElse(entry.name()));
    }

    /** Asks for the folder of an experiment, and opens it. */
    public void open() {
        world.files.openExperimentFolder().ifPresent(this::open);
    }

    /** Opens the experiment in a folder. */
    public void open(Path folder) {
        problem.set(null);
        world.queue.submit(Work.light(
                        text("experiment.opening", String.valueOf(folder.getFileName())),
                        progress -> SavedExperiment.read(folder))
                .whenDone(this::take)
                .whenFailed(thrown -> {
                    ReportedError failed = ReportedError.of(text("experiment.open.failed"), thrown, () -> open(folder));
                    problem.set(failed);
                    world.dialogs.error(failed);
                }));
    }

    private void take(SavedExperiment saved) {
        session.history().together(this, text("undo.experiment"), () -> form.show(saved.choices()));
        form.folderProperty().set(saved.folder().toString());
        ExperimentEntry entry = session.experiment(saved.folder());
        if (!handles.containsKey(entry)) {
            entry.show(saved);
        }
        session.experimentProperty().set(entry);
        validate();
    }

    private Optional<ExperimentEntry> shown() {
        return Optional.ofNullable(session.experimentProperty().get());
    }

    /** Returns true while the experiment on display is queued or running. */
    public ObservableBooleanValue running() {
        return reached(State::active);
    }

    /** Returns true while the experiment on display has a report. */
    public ObservableBooleanValue finished() {
        return reached(state -> state == State.FINISHED);
    }

    private ObservableBooleanValue reached(Function<State, Boolean> test) {
        return BooleanExpression.booleanExpression(session.experimentProperty()
                .flatMap(ExperimentEntry::stateProperty)
                .map(test)
                .orElse(false));
    }

    /** Stops the work of the experiment on display; it can be resumed. */
    public void stop() {
        shown().map(handles::get).ifPresent(WorkQueue.Handle::stop);
    }

    /** Opens the report of the experiment on display in the browser. */
    public void openReport() {
        shown().ifPresent(entry ->
                world.web.accept(entry.folder().resolve(ExperimentFolder.REPORT).toUri()));
    }

    /** Writes the table of the experiment on display as CSV. */
    void exportTable() {
        shown().ifPresent(entry -> world.exports.csv(
                entry.name(), OutcomeSheet.of(entry.outcomeProperty().get())::csv));
    }

    /** Returns the figures of the experiment on display. */
    public List<Figure> figures() {
        return shown().map(entry -> entry.outcomeProperty().get())
                .map(OutcomeFigures::all)
                .orElse(List.of());
    }
}
