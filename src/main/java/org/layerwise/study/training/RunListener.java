package org.layerwise.study.training;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Statistics;
import org.layerwise.run.ProcessMemory;
import org.layerwise.run.RunLog;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * Listener that writes all steps and evaluations into the run's logs, times the steps, measures the memory, and passes
 * everything to another listener.
 */
final class RunListener implements TrainingListener {

    private static final long MEASURE_NANOS = 1_000_000_000;

    private final RunLog log;
    private final TrainingListener next;
    private final List<Double> stepSeconds;
    private double secondsBefore;
    private long measured = System.nanoTime() - MEASURE_NANOS;
    private long memory;

    /**
     * Creates a listener for a new or a resumed run.
     *
     * @param earlier seconds of each step before a resume
     * @param secondsBefore sum of these seconds
     */
    RunListener(RunLog log, TrainingListener next, List<Double> earlier, double secondsBefore) {
        this.log = log;
        this.next = next;
        this.stepSeconds = new ArrayList<>(earlier);
        this.secondsBefore = secondsBefore;
    }

    @Override
    public void step(StepRecord step) {
        double took = step.seconds() - secondsBefore;
        secondsBefore = step.seconds();
        stepSeconds.add(took);
        StepRecord whole = new StepRecord(
                step.step(),
                step.totalSteps(),
                step.loss(),
                step.learningRate(),
                step.gradNorm(),
                step.tokensPerSecond(),
                step.seconds(),
                memory());
        log.step(whole, took);
        next.step(whole);
    }

    /**
     * Returns the memory of the process in bytes, measured at most once per second, since a measurement takes longer
     * than a small step.
     */
    private long memory() {
        if (System.nanoTime() - measured >= MEASURE_NANOS) {
            memory = ProcessMemory.now().orElse(0);
            measured = System.nanoTime();
        }
        return memory;
    }

    @Override
    public void evaluated(int step, Evaluation evaluation) {
        log.evaluation(step, "eval", evaluation);
        next.evaluated(step, evaluation);
    }

    @Override
    public void noted(String remark) {
        next.noted(remark);
    }

    @Override
    public void checkpointed(int step) {
        next.checkpointed(step);
    }

    /** Returns the median of the seconds per step; 0 if there was no step. */
    double medianStepSeconds() {
        return stepSeconds.isEmpty() ? 0 : Statistics.median(stepSeconds);
    }
}
