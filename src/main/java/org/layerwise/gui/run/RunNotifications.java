package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.time.Clock;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark;
import org.layerwise.gui.session.RunRemark.Kind;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the events and the end of runs to the user. Must be used on the FX thread only. */
final class RunNotifications {

    private static final Logger LOG = LoggerFactory.getLogger(RunNotifications.class);

    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final Clock clock;
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();

    RunNotifications(WorkQueue queue, Dialogs dialogs, Clock clock) {
        this.queue = queue;
        this.dialogs = dialogs;
        this.clock = clock;
    }

    /** Returns the last problem; null if there is none. */
    ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Adds a line to the log of a run. */
    void say(RunEntry run, Kind kind, String words) {
        run.remark(new RunRemark(kind, clock.instant(), words));
    }

    /** Reports that a run has finished or was cancelled with a saved adapter. */
    void finish(RunEntry run, TrainingSummary summary) {
        run.finish(summary);
        read(run, read -> run.take(read));
        if (summary.test() != null) {
            say(run, Kind.EVALUATION, text("run.log.test", RunTexts.evaluation(summary.test())));
        }
        if (summary.cancelled()) {
            say(run, Kind.COURSE, text("run.log.cancelled", summary.steps()));
            dialogs.notify(
                    text("training.cancelled"),
                    text("training.cancelled.detail", NumberTexts.exact(summary.adapterStep())));
            return;
        }
        int planned = run.steps().isEmpty()
                ? summary.steps()
                : run.steps().get(run.steps().size() - 1).totalSteps();
        String time = NumberTexts.duration(summary.seconds());
        say(
                run,
                Kind.COURSE,
                text(summary.steps() < planned ? "run.log.early" : "run.log.finished", summary.steps(), time));
        dialogs.notify(
                text("training.done"),
                summary.after() == null
                        ? text("training.done.detail", NumberTexts.significant(summary.finalLoss()), time)
                        : text(
                                summary.keptEarlier() ? "training.done.kept" : "training.done.measured",
                                RunTexts.headline(summary.after()),
                                time,
                                NumberTexts.exact(summary.adapterStep())));
    }

    /** Reports that a run has failed. */
    void fail(RunEntry run, ReportedError failed) {
        run.fail();
        read(run, read -> run.take(read));
        notifyUser(run, failed);
    }

    /** Reports a problem of a run that has not necessarily ended. */
    void notifyUser(RunEntry run, ReportedError wrong) {
        say(run, Kind.PROBLEM, wrong.sentence());
        problem.set(wrong);
        dialogs.error(wrong);
    }

    /**
     * Reads the record in the folder of a run.
     *
     * @param then receives the record on the FX thread
     */
    void read(RunEntry run, Consumer<RunRecord> then) {
        queue.submit(Work.quiet("", progress -> RunRecord.read(run.folder()))
                .whenDone(then)
                .whenFailed(thrown -> LOG.info("The settings of a run are not shown: {}", thrown.getMessage())));
    }
}
