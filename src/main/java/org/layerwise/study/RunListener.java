package org.layerwise.study;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Writes what happens into the run's log, times the steps, and passes everything on. */
final class RunListener implements TrainingListener {

    private final MetricsLog log;
    private final TrainingListener next;
    private final List<Double> stepSeconds = new ArrayList<>();
    private long mark = System.nanoTime();

    RunListener(MetricsLog log, TrainingListener next) {
        this.log = log;
        this.next = next;
    }

    @Override
    public void step(StepRecord step) {
        stepSeconds.add((System.nanoTime() - mark) / 1e9);
        log.step(step);
        next.step(step);
        mark = System.nanoTime();
    }

    @Override
    public void evaluated(int step, Evaluation evaluation) {
        log.evaluation(step, "eval", evaluation);
        next.evaluated(step, evaluation);
        mark = System.nanoTime();
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
