package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.remote.JobNotWithdrawnException;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.StartMode;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.ClusterListener;

/**
 * Submits runs to clusters, follows and stops them, and fetches their results. A run that is added to the window and
 * continues on its cluster is followed at once. Closing the window ends only the following, not the run.
 */
public final class RemoteRunController {

    private final ClusterAccess clusters;
    private final WorkQueue queue;
    private final RunWork work;
    private final FxExecutor ui;
    private final RunNotifications endings;
    private final UnfinishedRunSaver memory;
    private final BooleanSupplier leaving;
    private final Map<RunEntry, WorkQueue.Handle> handles = new HashMap<>();
    private final Map<RunEntry, Runnable> unsent = new HashMap<>();

    /**
     * Creates a controller without runs.
     *
     * @param leaving returns true if the window is closing; called on any thread
     */
    RemoteRunController(
            StudySession session,
            ClusterAccess clusters,
            WorkQueue queue,
            RunWork work,
            FxExecutor ui,
            RunNotifications endings,
            UnfinishedRunSaver memory,
            BooleanSupplier leaving) {
        this.clusters = clusters;
        this.queue = queue;
        this.work = work;
        this.ui = ui;
        this.endings = endings;
        this.memory = memory;
        this.leaving = leaving;
        session.runs().addListener((ListChangeListener<RunEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList().stream().filter(RunEntry::isUnfollowed).forEach(this::follow);
            }
        });
    }

    /** Submits a new run. The submission waits in the queue for work that needs the model. */
    void begin(RunEntry run, RunController.Planned planned, RemoteDestination to) {
        run.send(to.place());
        unsent.remove(run);
        memory.begun(run.folder()); // the job may be taken just before the window is killed
        endings.say(run, Kind.COURSE, text("run.log.sending", to.place()));
        WorkQueue.Handle handle =
                queue.submit(Work.heavy(text("run.sending", planned.title(), to.place()), progress -> {
                            ExistingRun.requireOwn(run.folder());
                            clusters.training(to.place())
                                    .begin(
                                            planned.model(),
                                            planned.data(),
                                            planned.settings(),
                                            run.folder(),
                                            to.how(),
                                            StartMode.RETRY,
                                            progress.noting(
                                                    remark -> ui.run(() -> endings.say(run, Kind.NOTE, remark))));
                            return run;
                        })
                        .whenDone(sent -> {
                            handles.remove(run);
                            endings.read(run, read -> run.take(read));
                            endings.say(run, Kind.COURSE, text("run.log.sent", to.place()));
                            follow(run);
                        })
                        .whenFailed(thrown -> {
                            handles.remove(run);
                            notSent(run, thrown, () -> begin(run, planned, to));
                        })
                        .whenCancelled(() -> {
                            handles.remove(run);
                            memory.ended(run.folder(), () -> {});
                            run.cancel();
                        }));
        handles.put(run, handle);
        handle.stoppingProperty().addListener((stopping, was, is) -> run.stop());
    }

    /** Reports that a run could not be submitted. The cluster may have its job all the same, which is then followed. */
    private void notSent(RunEntry run, Throwable thrown, Runnable again) {
        String title = text("run.send.failed", run.placeProperty().get());
        if (JobNotWithdrawnException.isCauseOf(thrown)) {
            run.detach();
            endings.notifyUser(run, ReportedError.of(title, thrown, () -> follow(run)));
            return;
        }
        memory.ended(run.folder(), () -> {});
        unsent.put(run, again);
        endings.fail(run, ReportedError.of(title, thrown, again));
    }

    /** Submits a stopped or interrupted run again and follows it. A run that was never submitted is submitted. */
    void resume(RunEntry run) {
        Runnable again = unsent.remove(run);
        if (again != null) {
            again.run();
            return;
        }
        if (!handles.containsKey(run)) {
            run.send(run.placeProperty().get());
            follow(run, text("run.resuming", run.shortName()), progress -> clusters.trainingOf(run.folder())
                    .goOn(run.folder(), progress));
        }
    }

    /** Follows a run that continues on its cluster. Does nothing if this window already follows the run. */
    public void follow(RunEntry run) {
        follow(run, text("run.following", run.shortName(), run.placeProperty().get()), progress -> {});
    }

    private void follow(RunEntry run, String title, Consumer<Progress> first) {
        if (handles.containsKey(run)) {
            return;
        }
        endings.problemProperty().set(null);
        memory.begun(run.folder());
        run.send(run.placeProperty().get());
        WorkQueue.Handle handle = work.submit(
                run,
                doing -> Work.watch(title, doing),
                (progress, listener) -> {
                    Progress watching = new UntilLeaving(progress, leaving);
                    first.accept(watching);
                    return follow(run.folder(), watching, listener);
                },
                new RunWork.Then(
                        () -> handles.remove(run),
                        summary -> {
                            memory.ended(run.folder(), () -> {});
                            endings.finish(run, summary);
                        },
                        thrown -> endings.read(run, read -> failed(run, read, thrown)),
                        run::detach));
        handles.put(run, handle);
        handle.stoppingProperty().addListener((stopping, was, is) -> {
            if (!leaving.getAsBoolean()) {
                askToStop(run);
            }
        });
    }

    private TrainingSummary follow(Path run, Progress progress, ClusterListener listener) {
        return clusters.trainingOf(run)
                .follow(run, progress, listener)
                .orElseThrow(
                        () -> new UserException(String.valueOf(Run.open(run).reason())));
    }

    /**
     * Updates a run that could not be followed from the record in its folder, because the run may still continue on its
     * cluster.
     */
    private void failed(RunEntry run, RunRecord read, Throwable thrown) {
        run.take(read);
        switch (read.run().state()) {
            case RUNNING, QUEUED -> {
                run.detach();
                String title = text("run.follow.failed", run.placeProperty().get());
                endings.notifyUser(run, ReportedError.of(title, thrown, () -> follow(run)));
            }
            case CANCELLED -> {
                run.cancel();
                memory.ended(run.folder(), () -> {});
                endings.say(run, Kind.COURSE, text("run.log.ended.there"));
            }
            default -> {
                memory.ended(run.folder(), () -> {});
                endings.fail(run, ReportedError.of(text("training.failed"), thrown, () -> resume(run)));
            }
        }
    }

    /** Asks a run to stop on its cluster. A run that is still being prepared is not submitted. */
    void stop(RunEntry run) {
        WorkQueue.Handle handle = handles.get(run);
        if (handle != null) {
            handle.stop();
        }
    }

    private void askToStop(RunEntry run) {
        String place = run.placeProperty().get();
        queue.submit(Work.remote(text("run.stopping", run.shortName(), place), progress -> {
                    clusters.trainingOf(run.folder()).stop(run.folder(), progress);
                    return run;
                })
                .whenFailed(thrown -> endings.notifyUser(
                        run, ReportedError.of(text("run.stop.failed", place), thrown, () -> askToStop(run)))));
    }

    /**
     * Fetches the output that a run has printed on its cluster.
     *
     * @param then receives the output
     * @param failed receives the reason if the output cannot be fetched
     */
    void output(RunEntry run, Consumer<String> then, Consumer<Throwable> failed) {
        String title = text("run.output.fetching", run.shortName());
        queue.submit(
                Work.remote(title, progress -> clusters.trainingOf(run.folder()).log(run.folder(), progress))
                        .whenDone(then)
                        .whenFailed(failed));
    }

    /**
     * Progress that is cancelled only when the window closes. Stopping a run does not end the following, because the
     * run takes time to stop on its cluster.
     */
    private record UntilLeaving(Progress whole, BooleanSupplier leaving) implements Progress {
        @Override
        public void report(double fraction, String message) {
            whole.report(fraction, message);
        }

        @Override
        public boolean cancelled() {
            return leaving.getAsBoolean() && whole.cancelled();
        }
    }
}
