package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.layerwise.base.ForwardingProgress;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.run.RunHistory;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.training.PlannedTraining;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * Executes runs of an experiment, in one start of it. Finished runs are not repeated, and interrupted runs are resumed.
 */
final class CellRuns {

    /** Prefix of the main validation rows in the history of a run. */
    private static final String VALIDATION = "eval";

    private final CellSettings cells;
    private final PlannedTraining planned;
    private final Supplier<Runs> queues;
    private final Function<Path, Optional<String>> sent;
    private final ExperimentListener listener;
    private final int of;
    private final Map<Cell, String> broken = new LinkedHashMap<>();
    private int begun;

    /**
     * Creates an executor.
     *
     * @param sent function that returns the name of the model that a run was sent to a cluster with, if it is a
     *     different model
     * @param of number of runs that will be executed in all
     */
    CellRuns(
            CellSettings cells,
            PlannedTraining planned,
            Supplier<Runs> queues,
            Function<Path, Optional<String>> sent,
            ExperimentListener listener,
            int of) {
        this.cells = cells;
        this.planned = planned;
        this.queues = queues;
        this.sent = sent;
        this.listener = listener;
        this.of = of;
    }

    /** Returns an executor of further runs with other settings, which goes on counting. */
    CellRuns with(CellSettings others) {
        CellRuns further = new CellRuns(others, planned, queues, sent, listener, of);
        further.begun = begun;
        return further;
    }

    /** Returns the runs that failed, with the reasons. */
    Map<Cell, String> broken() {
        return broken;
    }

    /** Adds a run that cannot be made, with the reason. */
    void fail(Cell cell, String reason) {
        broken.put(cell, reason);
    }

    /** Counts a run that was not trained since an equal one was, and tells of it. */
    void copied(Cell cell, TrainingSummary summary) {
        begun++;
        made(cell, summary);
    }

    /** Tells of a run that was made without a training. */
    void made(Cell cell, TrainingSummary summary) {
        listener.made(cell, new Runs.Ended(planned(cell), Optional.of(summary), ""));
    }

    /** Returns the settings of the runs. */
    CellSettings cells() {
        return cells;
    }

    /**
     * Returns the sentence on an arm of which no run has ended.
     *
     * @return the error, to be thrown
     */
    UserException noRun(Arm arm) {
        String reason = broken.entrySet().stream()
                .filter(entry -> entry.getKey().arm().equals(arm))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("no reason is known");
        return new UserException("No run on %s came to its end: %s".formatted(arm.words(), reason));
    }

    Path folder(Cell cell) {
        return cells.settings().out().resolve(cell.folder());
    }

    /**
     * Executes runs to their end.
     *
     * @return summaries of the runs that did not fail
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    Map<Cell, TrainingSummary> train(List<Cell> all, PauseSwitch pause, Progress progress) {
        return train(all, Integer.MAX_VALUE, pause, progress);
    }

    /**
     * Executes runs until they have written the checkpoint of a step. Runs that were evaluated at that step are not
     * resumed.
     *
     * @return evaluations on the validation rows at that step, of the runs that did not fail
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    Map<Cell, Evaluation> trainUntil(int step, List<Cell> all, PauseSwitch pause, Progress progress) {
        List<Cell> missing =
                all.stream().filter(cell -> evaluated(cell, step).isEmpty()).toList();
        begun += all.size() - missing.size();
        train(missing, step, pause, progress);
        Map<Cell, Evaluation> evaluations = new LinkedHashMap<>();
        for (Cell cell : all) {
            evaluated(cell, step).ifPresent(evaluation -> evaluations.put(cell, evaluation));
        }
        return evaluations;
    }

    /** Returns the evaluation of a run on the validation rows at a step. */
    private Optional<Evaluation> evaluated(Cell cell, int step) {
        Path folder = folder(cell);
        return Run.isRun(folder)
                ? Run.open(folder).history().evaluations().stream()
                        .filter(found -> found.step() == step && found.prefix().equals(VALIDATION))
                        .map(RunHistory.Evaluated::evaluation)
                        .findFirst()
                : Optional.empty();
    }

    private Runs.Planned planned(Cell cell) {
        return new Runs.Planned(
                folder(cell), cells.settings().model(), cells.settings().data(), cells.training(cell));
    }

    private Map<Cell, TrainingSummary> train(List<Cell> all, int until, PauseSwitch pause, Progress progress) {
        Runs queue = queues.get();
        Map<Path, Cell> byFolder = new LinkedHashMap<>();
        for (Cell cell : all) {
            Path folder = folder(cell);
            byFolder.put(folder, cell);
            Runs.Planned run = planned(cell);
            ExistingCellRun earlier = new ExistingCellRun(folder);
            earlier.requireLayers(cell, cells.layers(cell));
            earlier.requireSame(planned, run.settings(), progress.part(0, 0));
            earlier.requireModel(sent);
            earlier.deleteOldPredictions();
            queue.add(run);
        }
        Map<Cell, TrainingSummary> summaries = new LinkedHashMap<>();
        Rung rung = new Rung(progress);
        queue.run(pause, rung, new Runs.Listener() {

            private Cell cell(Runs.Planned run) {
                return Objects.requireNonNull(byFolder.get(run.out()));
            }

            @Override
            public TrainingListener begins(Runs.Planned run) {
                return rung.stoppingAfter(until, listener.begins(cell(run), begun + 1, of));
            }

            @Override
            public void ended(Runs.Ended ended) {
                rung.goOn();
                Cell cell = cell(ended.run());
                begun++;
                ended.summary()
                        .ifPresentOrElse(
                                summary -> summaries.put(cell, summary), () -> broken.put(cell, ended.reason()));
                listener.ended(cell, ended);
            }
        });
        progress.check();
        return summaries;
    }

    /** Progress that is cancelled for a run when it has written the checkpoint of a step, until the next run begins. */
    private static final class Rung extends ForwardingProgress {

        private volatile boolean reached;

        Rung(Progress whole) {
            super(whole);
        }

        void goOn() {
            reached = false;
        }

        TrainingListener stoppingAfter(int last, TrainingListener next) {
            return new TrainingListener() {
                @Override
                public void step(StepRecord step) {
                    next.step(step);
                }

                @Override
                public void evaluated(int step, Evaluation evaluation) {
                    next.evaluated(step, evaluation);
                }

                @Override
                public void noted(String remark) {
                    next.noted(remark);
                }

                @Override
                public void checkpointed(int step) {
                    next.checkpointed(step);
                    reached |= step == last;
                }
            };
        }

        @Override
        public boolean cancelled() {
            return reached || whole.cancelled();
        }
    }
}
