package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

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
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.ResumeJob;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, pauses, stops, resumes and follows runs. Runs on this computer are queued and run one after another; runs on
 * clusters run at the same time. Unfinished runs are saved for the next start of the program.
 */
public final class RunController {

    private static final Logger LOG = LoggerFactory.getLogger(RunController.class);

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final FxExecutor ui;
    private final UnfinishedRunSaver memory;
    private final RunNotifications endings;
    private final RunWork work;
    private final RemoteRunController there;
    private final Map<RunEntry, WorkQueue.Handle> handles = new HashMap<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final AtomicBoolean leaving = new AtomicBoolean();

    /**
     * Request for a training.
     *
     * @param title title in the task list
     * @param model model to train
     * @param data data settings
     * @param settings training settings
     * @param to target cluster; null for this computer
     */
    public record Planned(
            String title,
            OpenModel model,
            DataSettings data,
            TrainingSettings settings,
            @Nullable RemoteDestination to) {}

    /** Work of a run on the background thread. */
    @FunctionalInterface
    private interface Body {
        TrainingSummary run(PauseSwitch pause, Progress progress, TrainingListener listener);
    }

    /**
     * Creates a controller without runs.
     *
     * @param clock clock for the times in logs
     */
    public RunController(
            StudySession session,
            Workbench workbench,
            ClusterAccess clusters,
            WorkQueue queue,
            FxExecutor ui,
            Dialogs dialogs,
            UnfinishedRunStore remembered,
            Clock clock) {
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.ui = ui;
        memory = new UnfinishedRunSaver(remembered, queue);
        endings = new RunNotifications(queue, dialogs, clock);
        work = new RunWork(queue, ui, clock, endings);
        there = new RemoteRunController(session, clusters, queue, work, ui, endings, memory, leaving::get);
    }

    /** Returns the last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return endings.problemProperty();
    }

    /** Returns the property that is true while a run waits or runs on this computer. */
    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Returns the controller of runs on clusters. */
    public RemoteRunController there() {
        return there;
    }

    /**
     * Queues a new run on this computer, or submits it to a cluster.
     *
     * @param done receives the summary of a run on this computer
     */
    public void begin(RunEntry run, Planned planned, Consumer<TrainingSummary> done) {
        session.runs().add(run);
        session.runProperty().set(run);
        if (planned.to() != null) {
            there.begin(run, planned, planned.to());
            return;
        }
        StartLatch turn = new StartLatch();
        memory.begun(
                run.folder(),
                () -> turn.runIfWaiting(() ->
                        RunStore.queue(run.folder(), planned.model().settings(), planned.data(), planned.settings())));
        begin(run, turn, planned, done);
    }

    private void begin(RunEntry run, StartLatch turn, Planned planned, Consumer<TrainingSummary> done) {
        submit(
                run,
                planned.title(),
                (pause, progress, listener) -> {
                    turn.begin();
                    ExistingRun.requireOwn(run.folder());
                    return new TrainingJob(
                                    workbench,
                                    planned.model(),
                                    planned.data(),
                                    planned.settings(),
                                    run.folder(),
                                    StartMode.RETRY,
                                    pause)
                            .run(progress, listener);
                },
                done,
                // a run with completed steps continues from its last checkpoint
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

    /**
     * Resumes a run from its last checkpoint, after the runs in the queue, or on the cluster to which it was submitted.
     */
    public void resume(RunEntry run) {
        if (!run.resumable() || handles.containsKey(run)) {
            return;
        }
        problemProperty().set(null);
        OpenModel open = session.modelProperty().get();
        boolean over = run.startsOver();
        run.stopWaiting();
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
                (pause, progress, listener) -> new ResumeJob(workbench, run.folder(), pause)
                        .run(open, ModelListener.none(), progress, listener),
                summary -> {},
                () -> resume(run));
    }

    private void submit(RunEntry run, String title, Body body, Consumer<TrainingSummary> done, Runnable again) {
        PauseSwitch pause = new PauseSwitch();
        WorkQueue.Handle handle = work.submit(
                run,
                doing -> Work.heavy(title, doing).pausedBy(pause),
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
                            endings.fail(run, ReportedError.of(text("training.failed"), thrown, again));
                        },
                        () -> {
                            run.cancel();
                            if (!leaving.get()) {
                                memory.ended(run.folder(), () -> RunStore.forget(run.folder()));
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

    /** Pauses or resumes a run. Runs on clusters cannot be paused. */
    public void togglePause(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::togglePause);
    }

    /** Asks a run to stop. A running run saves its adapter and a checkpoint first; a waiting run never starts. */
    public void stop(RunEntry run) {
        handle(run).ifPresent(WorkQueue.Handle::stop);
        there.stop(run);
    }

    private Optional<WorkQueue.Handle> handle(RunEntry run) {
        return Optional.ofNullable(handles.get(run));
    }

    /**
     * Sets whether the window is closing. While it is closing, stopped runs are saved for the next start and runs on
     * clusters continue.
     */
    public void leave(boolean now) {
        leaving.set(now);
    }

    /** Returns true if the window is closing. May be called on any thread. */
    public boolean leaving() {
        return leaving.get();
    }

    /**
     * Looks for runs that were interrupted when the program last ended, and offers to resume them. Runs on clusters are
     * followed.
     *
     * @param offer receives the runs that can be resumed; not called if there are none
     */
    public void findUnfinished(Consumer<List<RunEntry>> offer) {
        List<Path> folders = memory.unfinished();
        if (folders.isEmpty()) {
            return;
        }
        queue.submit(Work.quiet("", progress -> UnfinishedRuns.look(folders))
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

    /** Removes a run from the list of unfinished runs, so that it is not offered again. */
    public void dismiss(RunEntry run) {
        memory.ended(run.folder(), () -> {});
    }

    /** Guards files of a waiting run: files for a waiting run must not be written after the run has started. */
    private static final class StartLatch {

        private boolean begun;

        /** Runs an action that writes files, unless the run has started. */
        synchronized void runIfWaiting(Runnable writing) {
            if (!begun) {
                writing.run();
            }
        }

        /** Marks the run as started. */
        synchronized void begin() {
            begun = true;
        }
    }
}
