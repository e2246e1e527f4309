package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.DataSettings;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, holds up, stops and resumes trainings, one behind another, and follows them. Those that have not come to their end
 * are remembered for the next start of the program.
 */
public final class RunsAtWork {

    private static final Logger LOG = LoggerFactory.getLogger(RunsAtWork.class);

    private final StudySession session;
    private final Engine engine;
    private final WorkQueue queue;
    private final Ui ui;
    private final Dialogs dialogs;
    private final RememberedRuns remembered;
    private final Clock clock;
    private final Map<RunEntry, WorkQueue.Handle> handles = new HashMap<>();
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private boolean leaving;

    /**
     * A training to come.
     *
     * @param title what the list of tasks calls it
     */
    public record Planned(String title, LoadedModel model, DataSettings data, TrainingSettings settings) {}

    /** What a run's turn is: everything that is done on the working thread. */
    @FunctionalInterface
    private interface Body {
        TrainingSummary run(Pause pause, Progress progress, TrainingListener listener);
    }

    /** @param clock what lines of logs are dated by */
    public RunsAtWork(
            StudySession session,
            Engine engine,
            WorkQueue queue,
            Ui ui,
            Dialogs dialogs,
            RememberedRuns remembered,
            Clock clock) {
        this.session = session;
        this.engine = engine;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
        this.remembered = remembered;
        this.clock = clock;
    }

    /** What went wrong last, null if nothing did. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Whether a run waits or works. */
    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /**
     * Takes up a new run behind those that wait.
     *
     * @param done hears what came of it
     */
    public void begin(RunEntry run, Planned planned, Consumer<TrainingSummary> done) {
        session.runs().add(run);
        session.runProperty().set(run);
        Turn turn = new Turn();
        remember(
                run,
                () -> turn.whileWaiting(() -> planned.model().queue(planned.data(), planned.settings(), run.folder())));
        begin(run, turn, planned, done);
    }

    private void begin(RunEntry run, Turn turn, Planned planned, Consumer<TrainingSummary> done) {
        submit(
                run,
                planned.title(),
                (pause, progress, listener) -> {
                    turn.begin();
                    return planned.model()
                            .train(planned.data(), planned.settings(), run.folder(), pause, progress, listener);
                },
                done,
                // what has taken steps goes on from its last checkpoint
                () -> {
                    if (!run.steps().isEmpty()) {
                        resume(run);
                    } else if (!handles.containsKey(run)) {
                        problem.set(null);
                        run.queue();
                        remember(run, () -> {});
                        begin(run, turn, planned, done);
                    }
                });
    }

    /** Goes on with a run from its last checkpoint, behind those that wait. */
    public void resume(RunEntry run) {
        if (!run.resumable() || handles.containsKey(run)) {
            return;
        }
        problem.set(null);
        LoadedModel open = session.modelProperty().get();
        boolean over = run.startsOver();
        run.stay();
        remember(run, () -> {});
        run.queue();
        session.runProperty().set(run);
        submit(
                run,
                text(over ? "run.restarting" : "run.resuming", run.shortName()),
                (pause, progress, listener) -> engine.resume(run.folder(), open, pause, progress, listener),
                summary -> {},
                () -> resume(run));
    }

    private void remember(RunEntry run, Runnable alsoWrite) {
        remembered.begun(run.folder());
        Runnable saving = remembered.saving();
        quietly(() -> {
            saving.run();
            alsoWrite.run();
        });
    }

    private void forget(RunEntry run) {
        remembered.ended(run.folder());
        quietly(remembered.saving());
    }

    private void quietly(Runnable writing) {
        queue.submit(Work.quiet("", progress -> {
                    writing.run();
                    return "";
                })
                .whenFailed(thrown -> LOG.warn("A run is not remembered: {}", thrown.getMessage())));
    }

    private void submit(RunEntry run, String title, Body body, Consumer<TrainingSummary> done, Runnable again) {
        ObservableList<Double> trend = FXCollections.observableArrayList();
        ListChangeListener<StepRecord> losses = change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(step -> trend.add(step.loss()));
            }
        };
        run.steps().addListener(losses);
        Pause pause = new Pause();
        RunFollower follower = new RunFollower(run, ui, clock, () -> readRecord(run));
        WorkQueue.Handle handle = queue.submit(Work.<TrainingSummary>heavy(title, progress -> {
                    ui.run(() -> begins(run));
                    RunProgress told = new RunProgress(progress);
                    return body.run(pause, told, follower.listener(told));
                })
                .showing(trend)
                .heldUpBy(pause)
                .whenDone(summary -> {
                    follower.drain();
                    run.steps().removeListener(losses);
                    ended(run);
                    finish(run, summary);
                    done.accept(summary);
                })
                .whenFailed(thrown -> {
                    follower.drain();
                    run.steps().removeListener(losses);
                    ended(run);
                    fail(run, Problem.of(text("training.failed"), thrown, again));
                })
                .whenCancelled(() -> {
                    follower.drain();
                    run.steps().removeListener(losses);
                    ended(run);
                    run.cancel();
                    if (!leaving) {
                        remembered.ended(run.folder());
                        Runnable saving = remembered.saving();
                        quietly(() -> {
                            saving.run();
                            engine.forget(run.folder());
                        });
                    }
                }));
        handles.put(run, handle);
        busy.set(true);
        handle.pausedProperty().addListener((paused, was, is) -> {
            run.hold(is);
            if (run.stateProperty().get().working()) {
                say(run, Kind.COURSE, text(is ? "run.log.paused" : "run.log.continued"));
            }
        });
        handle.stoppingProperty().addListener((stopping, was, is) -> {
            run.stop();
            say(run, Kind.COURSE, text("run.log.stopping"));
        });
    }

    private void begins(RunEntry run) {
        run.start();
        WorkQueue.Handle handle = handles.get(run);
        if (handle != null) {
            run.hold(handle.pausedProperty().get());
        }
        say(run, Kind.COURSE, text("run.log.begins"));
    }

    private void ended(RunEntry run) {
        handles.remove(run);
        busy.set(!handles.isEmpty());
    }

    private void readRecord(RunEntry run) {
        queue.submit(Work.quiet("", progress -> engine.run(run.folder()))
                .whenDone(read -> run.take(read.run()))
                .whenFailed(thrown -> LOG.info("The settings of a run are not shown: {}", thrown.getMessage())));
    }

    private void finish(RunEntry run, TrainingSummary summary) {
        run.finish(summary);
        readRecord(run);
        if (!(leaving && summary.cancelled())) {
            forget(run);
        }
        if (summary.test() != null) {
            say(run, Kind.EVALUATION, text("run.log.test", RunWords.evaluation(summary.test())));
        }
        if (summary.cancelled()) {
            say(run, Kind.COURSE, text("run.log.cancelled", summary.steps()));
            dialogs.notify(text("training.cancelled"), text("training.cancelled.detail", summary.steps()));
            return;
        }
        int planned = run.steps().isEmpty()
                ? summary.steps()
                : run.steps().get(run.steps().size() - 1).totalSteps();
        String time = Figures.duration(summary.seconds());
        say(
                run,
                Kind.COURSE,
                text(summary.steps() < planned ? "run.log.early" : "run.log.finished", summary.steps(), time));
        dialogs.notify(
                text("training.done"),
                summary.after() == null
                        ? text("training.done.detail", Figures.significant(summary.finalLoss()), time)
                        : text("training.done.measured", RunWords.evaluation(summary.after()), time));
    }

    private void fail(RunEntry run, Problem failed) {
        run.fail();
        readRecord(run);
        forget(run);
        say(run, Kind.PROBLEM, failed.sentence());
        problem.set(failed);
        dialogs.error(failed);
    }

    private void say(RunEntry run, Kind kind, String words) {
        run.remark(new RunRemark(kind, clock.instant(), words));
    }

    /** Holds a run up, or lets it go on. */
    public void togglePause(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::togglePause);
    }

    /** Asks a run to stop; it saves its adapter and a checkpoint first. One that waits never begins. */
    public void stop(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::stop);
    }

    private Optional<WorkQueue.Handle> handle(RunEntry run) {
        return Optional.ofNullable(handles.get(run));
    }

    /** From now on, runs that are stopped are remembered for the next start: the window closes. */
    public void leave(boolean now) {
        leaving = now;
    }

    /** Looks for runs that were cut off when the program ended before, and offers to go on with them. */
    public void lookForUnfinished(Consumer<List<RunEntry>> offer) {
        List<Path> folders = remembered.unfinished();
        if (folders.isEmpty()) {
            return;
        }
        queue.submit(Work.quiet("", progress -> Unfinished.look(engine, folders))
                .whenDone(found -> {
                    found.gone().forEach(remembered::ended);
                    quietly(remembered.saving());
                    List<RunEntry> entries =
                            found.resumable().stream().map(session::offer).toList();
                    if (!entries.isEmpty()) {
                        offer.accept(entries);
                    }
                })
                .whenFailed(thrown -> LOG.warn("Cannot look for runs that were cut off", thrown)));
    }

    /** A run is not to be offered again. */
    public void dismiss(RunEntry run) {
        forget(run);
    }
}
