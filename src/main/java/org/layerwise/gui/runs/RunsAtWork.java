package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.DataSettings;
import org.layerwise.study.Destination;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, holds up, stops and resumes trainings, one behind another here and all at once on clusters, and follows them. Those that
 * have not come to their end are remembered for the next start of the program.
 */
public final class RunsAtWork {

    private static final Logger LOG = LoggerFactory.getLogger(RunsAtWork.class);

    private final StudySession session;
    private final Engine engine;
    private final WorkQueue queue;
    private final Ui ui;
    private final RunMemory memory;
    private final RunEndings endings;
    private final RunWork work;
    private final RunsThere there;
    private final Map<RunEntry, WorkQueue.Handle> handles = new HashMap<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final AtomicBoolean leaving = new AtomicBoolean();

    /**
     * A training to come.
     *
     * @param title what the list of tasks calls it
     * @param to the cluster that it is sent to; null if it is done here
     */
    public record Planned(
            String title, LoadedModel model, DataSettings data, TrainingSettings settings, @Nullable Destination to) {}

    /** What a run's turn is: everything that is done on the working thread. */
    @FunctionalInterface
    private interface Body {
        TrainingSummary run(Pause pause, Progress progress, TrainingListener listener);
    }

    /**
     * @param questions is asked while clusters are connected to
     * @param clock what lines of logs are dated by
     */
    public RunsAtWork(
            StudySession session,
            Engine engine,
            WorkQueue queue,
            Ui ui,
            Dialogs dialogs,
            RememberedRuns remembered,
            SshQuestions questions,
            Clock clock) {
        this.session = session;
        this.engine = engine;
        this.queue = queue;
        this.ui = ui;
        memory = new RunMemory(remembered, queue);
        endings = new RunEndings(engine, queue, dialogs, clock);
        work = new RunWork(queue, ui, clock, endings);
        there = new RunsThere(session, engine, queue, work, endings, memory, questions, leaving::get);
    }

    /** What went wrong last, null if nothing did. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return endings.problemProperty();
    }

    /** Whether a run waits or works here. */
    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Those on clusters. */
    public RunsThere there() {
        return there;
    }

    /**
     * Takes up a new run behind those that wait, or sends it to a cluster.
     *
     * @param done hears what came of it
     */
    public void begin(RunEntry run, Planned planned, Consumer<TrainingSummary> done) {
        session.runs().add(run);
        session.runProperty().set(run);
        if (planned.to() != null) {
            there.begin(run, planned, planned.to());
            return;
        }
        Turn turn = new Turn();
        memory.begun(
                run.folder(),
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
                        problemProperty().set(null);
                        run.queue();
                        memory.begun(run.folder());
                        begin(run, turn, planned, done);
                    }
                });
    }

    /** Goes on with a run from its last checkpoint, behind those that wait, or where it was sent to. */
    public void resume(RunEntry run) {
        if (!run.resumable() || handles.containsKey(run)) {
            return;
        }
        problemProperty().set(null);
        LoadedModel open = session.modelProperty().get();
        boolean over = run.startsOver();
        run.stay();
        memory.begun(run.folder());
        session.runProperty().set(run);
        if (run.sent()) {
            there.resume(run);
            return;
        }
        run.queue();
        submit(
                run,
                text(over ? "run.restarting" : "run.resuming", run.shortName()),
                (pause, progress, listener) -> engine.resume(run.folder(), open, pause, progress, listener),
                summary -> {},
                () -> resume(run));
    }

    private void submit(RunEntry run, String title, Body body, Consumer<TrainingSummary> done, Runnable again) {
        Pause pause = new Pause();
        WorkQueue.Handle handle = work.submit(
                run,
                doing -> Work.heavy(title, doing).heldUpBy(pause),
                (progress, listener) -> {
                    ui.run(() -> begins(run));
                    return body.run(pause, progress, listener);
                },
                new RunWork.Then(
                        () -> ended(run),
                        summary -> {
                            endings.finish(run, summary);
                            if (!(leaving.get() && summary.cancelled())) {
                                memory.ended(run.folder(), () -> {});
                            }
                            done.accept(summary);
                        },
                        thrown -> {
                            memory.ended(run.folder(), () -> {});
                            endings.fail(run, Problem.of(text("training.failed"), thrown, again));
                        },
                        () -> {
                            run.cancel();
                            if (!leaving.get()) {
                                memory.ended(run.folder(), () -> engine.forget(run.folder()));
                            }
                        }));
        handles.put(run, handle);
        busy.set(true);
        handle.pausedProperty().addListener((paused, was, is) -> {
            run.hold(is);
            if (run.stateProperty().get().working()) {
                endings.say(run, Kind.COURSE, text(is ? "run.log.paused" : "run.log.continued"));
            }
        });
    }

    private void begins(RunEntry run) {
        run.start();
        WorkQueue.Handle handle = handles.get(run);
        if (handle != null) {
            run.hold(handle.pausedProperty().get());
        }
        endings.say(run, Kind.COURSE, text("run.log.begins"));
    }

    private void ended(RunEntry run) {
        handles.remove(run);
        busy.set(!handles.isEmpty());
    }

    /** Holds a run up, or lets it go on; those on clusters cannot be held up. */
    public void togglePause(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::togglePause);
    }

    /** Asks a run to stop; it saves its adapter and a checkpoint first. One that waits never begins. */
    public void stop(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::stop);
        there.stop(run);
    }

    private Optional<WorkQueue.Handle> handle(RunEntry run) {
        return Optional.ofNullable(handles.get(run));
    }

    /** From now on, runs that are stopped are remembered for the next start, and those on clusters go on: the window closes. */
    public void leave(boolean now) {
        leaving.set(now);
    }

    /** Whether the window closes; asked on any thread. */
    public boolean leaving() {
        return leaving.get();
    }

    /** Looks for runs that were cut off when the program ended before, and offers to go on with them; those on clusters are followed. */
    public void lookForUnfinished(Consumer<List<RunEntry>> offer) {
        List<Path> folders = memory.unfinished();
        if (folders.isEmpty()) {
            return;
        }
        queue.submit(Work.quiet("", progress -> Unfinished.look(engine, folders))
                .whenDone(found -> {
                    memory.ended(found.gone());
                    found.there().forEach(session::offer);
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
        memory.ended(run.folder(), () -> {});
    }
}
