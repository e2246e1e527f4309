package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.layerwise.base.Progress;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.training.StepRecord;

/** Submits the work of runs and passes its events to their {@link RunEntry}. Must be used on the FX thread only. */
record RunWork(WorkQueue queue, FxExecutor ui, Clock clock, RunNotifications endings) {

    /** Work on the background thread. */
    @FunctionalInterface
    interface Body {
        TrainingSummary run(Progress progress, ClusterListener listener);
    }

    /**
     * Follow-up actions.
     *
     * @param first runs before any of the others
     * @param done receives the summary of completed work
     * @param failed receives the exception of failed work
     * @param cancelled runs after cancelled work
     */
    record Then(Runnable first, Consumer<TrainingSummary> done, Consumer<Throwable> failed, Runnable cancelled) {}

    /**
     * Submits the work of a run.
     *
     * @param run entry that receives the events
     * @param lane creates the work from a body, such as {@code body -> Work.heavy(title, body)}
     * @param body work on the background thread
     * @param then follow-up actions
     */
    WorkQueue.Handle submit(
            RunEntry run, Function<Work.Body<TrainingSummary>, Work<TrainingSummary>> lane, Body body, Then then) {
        ObservableList<Double> trend = FXCollections.observableArrayList();
        ListChangeListener<StepRecord> losses = change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(step -> trend.add(step.loss()));
            }
        };
        run.steps().addListener(losses);
        RunFollower follower = new RunFollower(run, ui, clock, () -> endings.read(run, read -> run.take(read)));
        Runnable over = () -> {
            follower.drain();
            run.steps().removeListener(losses);
            then.first().run();
        };
        WorkQueue.Handle handle = queue.submit(lane.apply(progress -> {
                    RunProgress told = new RunProgress(progress);
                    return body.run(told, follower.listener(told));
                })
                .showing(trend)
                .whenDone(summary -> {
                    over.run();
                    then.done().accept(summary);
                })
                .whenFailed(thrown -> {
                    over.run();
                    then.failed().accept(thrown);
                })
                .whenCancelled(() -> {
                    over.run();
                    then.cancelled().run();
                }));
        handle.stoppingProperty().addListener((stopping, was, is) -> {
            run.stop();
            endings.say(run, Kind.COURSE, text("run.log.stopping"));
        });
        return handle;
    }
}
