package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Counts the runs of an experiment and keeps its remarks, and can ask to stop after the second step of a run. */
final class RunCounter implements ExperimentListener, Progress {

    private static final int LAST_STEP = 2;

    final List<Cell> begun = new ArrayList<>();
    final List<Cell> ended = new ArrayList<>();
    final List<Integer> numbers = new ArrayList<>();
    final List<String> noted = new ArrayList<>();
    int all;

    private final int stopInRun;
    private boolean stopped;

    /** Creates a counter that never asks to stop. */
    RunCounter() {
        this(0);
    }

    /** @param stopInRun run to stop in, 1 for the first that begins; 0 for none */
    RunCounter(int stopInRun) {
        this.stopInRun = stopInRun;
    }

    @Override
    public void noted(String remark) {
        noted.add(remark);
    }

    @Override
    public TrainingListener begins(Cell cell, int number, int of) {
        begun.add(cell);
        numbers.add(number);
        all = of;
        return new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                stopped |= begun.size() == stopInRun && step.step() == LAST_STEP;
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // not looked at
            }

            @Override
            public void noted(String remark) {
                // not looked at
            }
        };
    }

    @Override
    public void ended(Cell cell, Runs.Ended run) {
        ended.add(cell);
    }

    @Override
    public void report(double fraction, String message) {
        assertThat(fraction).isBetween(0.0, 1.0);
    }

    @Override
    public boolean cancelled() {
        return stopped;
    }
}
