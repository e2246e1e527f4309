package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.time.Clock;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.FxInbox;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobWorkers;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** Passes the events of a training from its thread to its {@link RunEntry} on the FX thread. */
final class RunFollower {

    private final RunEntry run;
    private final FxExecutor ui;
    private final Clock clock;
    private final FxInbox<StepRecord> steps;
    private final FxInbox<RunEntry.Evaluated> evaluations;
    private final FxInbox<RunRemark> remarks;
    private boolean first = true;
    private String there = "";

    /**
     * Creates a follower of a run.
     *
     * @param began called on the FX thread at the first step
     */
    RunFollower(RunEntry run, FxExecutor ui, Clock clock, Runnable began) {
        this.run = run;
        this.ui = ui;
        this.clock = clock;
        steps = new FxInbox<>(ui, batch -> {
            run.add(batch);
            if (first) {
                first = false;
                began.run();
            }
        });
        evaluations = new FxInbox<>(ui, batch -> {
            steps.drain(); // the steps before the evaluation come first
            run.evaluate(batch);
        });
        remarks = new FxInbox<>(ui, batch -> batch.forEach(run::remark));
    }

    /** Passes on all events received so far. Must be called on the FX thread. */
    void drain() {
        steps.drain();
        evaluations.drain();
        remarks.drain();
    }

    private void onJobState(JobState state) {
        steps.drain(); // the steps before this state come first
        // a running job needs no text besides its state
        there = state.phase() == JobState.Phase.RUNNING ? "" : state.words();
        run.onJobState(there);
        switch (state.phase()) {
            case WAITING -> run.onRemoteWaiting();
            case RUNNING -> run.start();
            default -> {} // the record in its folder has the final state
        }
    }

    /**
     * Creates a listener that passes the events of a job to the run.
     *
     * @param progress also receives the steps, to report the speed
     */
    ClusterListener listener(RunProgress progress) {
        return new ClusterListener() {
            @Override
            public void state(String place, JobState state) {
                ClusterListener.super.state(place, state);
                ui.run(() -> onJobState(state));
            }

            @Override
            public void workers(String place, JobWorkers workers) {
                ClusterListener.super.workers(place, workers);
                ui.run(() -> run.onRemoteMessage(workers.words()));
            }

            @Override
            public void broken(String place, String reason) {
                ClusterListener.super.broken(place, reason);
                ui.run(() -> run.onJobState(text("run.there.broken", reason)));
            }

            @Override
            public void onRecovered(String place) {
                ClusterListener.super.onRecovered(place);
                ui.run(() -> run.onJobState(there));
            }

            @Override
            public void step(StepRecord step) {
                progress.step(step);
                steps.put(step);
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                evaluations.put(new RunEntry.Evaluated(step, evaluation));
                String words = RunTexts.evaluation(evaluation);
                say(
                        Kind.EVALUATION,
                        step == 0
                                ? text("run.log.before", words)
                                : text("run.log.after", NumberTexts.exact(step), words));
            }

            @Override
            public void checkpointed(int step) {
                say(Kind.CHECKPOINT, text("run.log.checkpoint", NumberTexts.exact(step)));
            }

            @Override
            public void noted(String remark) {
                say(Kind.NOTE, remark);
            }

            private void say(Kind kind, String words) {
                remarks.put(new RunRemark(kind, clock.instant(), words));
            }
        };
    }
}
