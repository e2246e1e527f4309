package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.text;

import java.time.Clock;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.tasks.Inbox;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.text.Figures;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Takes what a training tells on its thread to its entry on the FX thread. */
final class RunFollower {

    private final Clock clock;
    private final Inbox<StepRecord> steps;
    private final Inbox<RunEntry.Evaluated> evaluations;
    private final Inbox<RunRemark> remarks;
    private boolean first = true;

    /** @param began called on the FX thread at the first step */
    RunFollower(RunEntry run, Ui ui, Clock clock, Runnable began) {
        this.clock = clock;
        steps = new Inbox<>(ui, batch -> {
            run.add(batch);
            if (first) {
                first = false;
                began.run();
            }
        });
        evaluations = new Inbox<>(ui, batch -> {
            steps.drain(); // those before it
            run.evaluate(batch);
        });
        remarks = new Inbox<>(ui, batch -> batch.forEach(run::remark));
    }

    /** Hands over all that has been heard; on the FX thread. */
    void drain() {
        steps.drain();
        evaluations.drain();
        remarks.drain();
    }

    /** @param progress hears of the steps, too, to say how fast they are */
    TrainingListener listener(RunProgress progress) {
        return new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                progress.step(step);
                steps.put(step);
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                evaluations.put(new RunEntry.Evaluated(step, evaluation));
                String words = RunWords.evaluation(evaluation);
                say(
                        Kind.EVALUATION,
                        step == 0 ? text("run.log.before", words) : text("run.log.after", Figures.exact(step), words));
            }

            @Override
            public void checkpointed(int step) {
                say(Kind.CHECKPOINT, text("run.log.checkpoint", Figures.exact(step)));
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
