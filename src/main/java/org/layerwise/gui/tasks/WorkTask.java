package org.layerwise.gui.tasks;

import static org.layerwise.gui.common.Messages.text;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.collections.ObservableList;
import javafx.concurrent.Task;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.NumberTexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work as a JavaFX task. Cancelling running work only asks it to stop. The task keeps running until the work ends,
 * because a cancelled training still writes its adapter and returns a result.
 */
public final class WorkTask<T> extends Task<T> implements WorkQueue.Handle {

    private static final Logger LOG = LoggerFactory.getLogger(WorkTask.class);

    // an earlier estimate of the remaining time would be unstable
    private static final double LEAST_FRACTION = 0.05;
    private static final double LEAST_SECONDS = 3;

    private final Work<T> work;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ReadOnlyBooleanWrapper stopped = new ReadOnlyBooleanWrapper();
    private final AtomicReference<Report> latest = new AtomicReference<>(new Report(Progress.UNKNOWN, ""));
    private final ReadOnlyBooleanWrapper paused = new ReadOnlyBooleanWrapper();
    private final Runnable show;
    private final Consumer<String> note;
    private volatile long startNanos;

    WorkTask(Work<T> work, FxExecutor ui, ActivityLog log) {
        this.work = work;
        this.show = ui.coalesced(this::showLatest);
        this.note = remark -> ui.run(() -> log.add(ActivityLog.Kind.NOTE, remark));
        updateTitle(work.title());
        updateMessage(text("tasks.waiting"));
        boolean listed = work.lane() != Work.Lane.QUIET;
        setOnSucceeded(event -> {
            Runnable done = () -> work.done().accept(getValue());
            if (listed) {
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                log.logUnlessReported(
                        done, ActivityLog.Kind.DONE, text("log.done", work.title(), NumberTexts.clock(seconds)));
            } else {
                done.run();
            }
        });
        setOnFailed(event -> {
            String reason;
            if (getException() instanceof UserException mistake) {
                LOG.info("{} failed: {}", work.title(), mistake.getMessage());
                reason = mistake.getMessage();
            } else {
                LOG.warn("{} failed", work.title(), getException());
                reason = text("error.unexpected");
            }
            log.logUnlessReported(
                    () -> work.failed().accept(getException()),
                    ActivityLog.Kind.FAILED,
                    text("log.failed", work.title(), reason));
        });
        setOnCancelled(event -> {
            if (listed) {
                log.logUnlessReported(
                        work.cancelled(), ActivityLog.Kind.CANCELLED, text("log.cancelled", work.title()));
            } else {
                work.cancelled().run();
            }
        });
    }

    /** Returns the numbers to draw beside the progress. */
    public ObservableList<Double> trend() {
        return work.trend();
    }

    /** Returns true if the work can be paused. */
    public boolean pausable() {
        return work.pause() != null;
    }

    @Override
    public ReadOnlyBooleanProperty pausedProperty() {
        return paused.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyBooleanProperty stoppingProperty() {
        return stopped.getReadOnlyProperty();
    }

    @Override
    public void togglePause() {
        PauseSwitch pause = work.pause();
        if (pause == null) {
            return;
        }
        if (pause.paused()) {
            pause.resume();
        } else {
            pause.pause();
        }
        paused.set(pause.paused());
        show.run();
    }

    /** Returns the queue of the work. */
    public Work.Lane lane() {
        return work.lane();
    }

    @Override
    protected T call() throws Exception {
        started.set(true);
        startNanos = System.nanoTime();
        updateMessage("");
        try {
            return work.body().run(new Reporting());
        } catch (CancelledException e) {
            super.cancel(false);
            throw e;
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!started.get()) {
            return super.cancel(false);
        }
        stop();
        return false;
    }

    @Override
    public void stop() {
        if (!started.get()) {
            super.cancel(false);
        } else if (stopping.compareAndSet(false, true)) {
            stopped.set(true);
            show.run();
        }
    }

    private void showLatest() {
        if (isDone()) {
            return;
        }
        Report report = Objects.requireNonNull(latest.get());
        updateProgress(report.fraction < 0 ? -1 : Math.min(report.fraction, 1), 1);
        if (stopping.get()) {
            updateMessage(text("tasks.stopping"));
        } else if (paused.get() && started.get()) {
            updateMessage(text("tasks.paused", report.message));
        } else if (started.get()) {
            updateMessage(report.message + remaining(report.fraction));
        }
    }

    private String remaining(double fraction) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        // a training reports its remaining time itself, both on this computer and on a cluster
        boolean own = work.pause() != null || work.lane() == Work.Lane.WATCH;
        boolean known = !own && fraction >= LEAST_FRACTION && fraction < 1 && seconds > LEAST_SECONDS;
        return known ? text("tasks.remaining", NumberTexts.clock(seconds * (1 - fraction) / fraction)) : "";
    }

    private record Report(double fraction, String message) {}

    private final class Reporting implements Progress {
        @Override
        public void report(double fraction, String message) {
            latest.set(new Report(fraction, message));
            show.run();
        }

        @Override
        public void note(String remark) {
            note.accept(remark);
        }

        @Override
        public boolean cancelled() {
            return stopping.get() || isCancelled(); // cancelled just as it started
        }
    }
}
