package org.layerwise.study;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Writes what happens into the run's logs, times the steps, measures the memory, and passes everything on. */
final class RunListener implements TrainingListener {

    private static final long MEASURE_NANOS = 1_000_000_000;

    private final RunLog log;
    private final TrainingListener next;
    private final List<Double> stepSeconds;
    private double secondsBefore;
    private long measured = System.nanoTime() - MEASURE_NANOS;
    private long memory;

    /**
     * @param earlier what the steps before a resume took
     * @param secondsBefore their sum
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

    /** At most once a second: reading it costs more than a small step. */
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

    /** 0 if there was no step. */
    double medianStepSeconds() {
        if (stepSeconds.isEmpty()) {
            return 0;
        }
        List<Double> sorted = stepSeconds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
