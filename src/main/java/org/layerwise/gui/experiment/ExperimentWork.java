package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.FxInbox;
import org.layerwise.gui.tasks.Work;
import org.layerwise.study.Workbench;
import org.layerwise.study.experiment.Cell;
import org.layerwise.study.experiment.ExperimentJob;
import org.layerwise.study.experiment.ExperimentListener;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.watch.FinishedRuns;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Work of an experiment or a pilot, which passes what happens to the entry of the experiment. */
final class ExperimentWork {

    private final Workbench workbench;
    private final OpenModel model;
    private final ExperimentSettings settings;
    private final ExperimentEntry entry;
    private final ObservableList<Double> losses = FXCollections.observableArrayList();
    private final FxInbox<Runnable> inbox;

    /**
     * Result of the work.
     *
     * @param outcome outcome of the experiment; null for a pilot
     * @param pilot sentences of a pilot; empty for an experiment
     */
    record Result(@Nullable Outcome outcome, List<String> pilot) {}

    /** Body of the work, on a background thread. */
    interface Body {
        Result run(ExperimentJob job, PauseSwitch pause, Progress progress, ExperimentListener listener);
    }

    ExperimentWork(
            Workbench workbench, OpenModel model, ExperimentSettings settings, ExperimentEntry entry, FxExecutor ui) {
        this.workbench = workbench;
        this.model = model;
        this.settings = settings;
        this.entry = entry;
        inbox = new FxInbox<>(ui, news -> news.forEach(Runnable::run));
    }

    /** Returns the work. */
    Work<Result> of(String title, Body body) {
        PauseSwitch pause = new PauseSwitch();
        return Work.heavy(title, progress -> {
                    inbox.put(() -> entry.run(""));
                    return body.run(new ExperimentJob(workbench, model, settings), pause, progress, new Listener());
                })
                .showing(losses)
                .pausedBy(pause);
    }

    /** Passes what has happened so far to the entry now. Must be called on the FX thread. */
    void drain() {
        inbox.drain();
    }

    /** Listener on the background thread. */
    private final class Listener implements ExperimentListener {

        private final FinishedRuns finished = new FinishedRuns(settings.arms());
        private final Set<String> told = new HashSet<>();

        /** Passes a remark on once, since many runs have the same. */
        @Override
        public void noted(String remark) {
            if (told.add(remark)) {
                inbox.put(() -> entry.remarks().add(remark));
            }
        }

        @Override
        public TrainingListener begins(Cell cell, int number, int of) {
            String place = text("experiment.place", number, of, cell.words());
            inbox.put(() -> {
                entry.run(place);
                losses.clear();
            });
            return new TrainingListener() {
                @Override
                public void step(StepRecord step) {
                    inbox.put(() -> losses.add(step.loss()));
                }

                @Override
                public void evaluated(int step, Evaluation evaluation) {
                    // the outcome has the evaluation of a run that ended
                }

                @Override
                public void noted(String remark) {
                    Listener.this.noted(remark);
                }
            };
        }

        @Override
        public void ended(Cell cell, Runs.Ended ended) {
            if (ended.summary().isEmpty()) {
                noted(cell.words() + ": " + ended.reason());
            }
            Optional<Outcome> now = finished.add(cell, ended);
            now.ifPresent(outcome -> inbox.put(() -> entry.show(outcome)));
        }
    }
}
