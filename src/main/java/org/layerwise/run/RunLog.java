package org.layerwise.run;

import java.util.List;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** Log of the steps and evaluations of a run, for people and programs that follow the run. */
public interface RunLog {

    /**
     * Writes a step.
     *
     * @param stepSeconds seconds of this step alone
     */
    void step(StepRecord step, double stepSeconds);

    /**
     * Writes an evaluation.
     *
     * @param step number of completed steps
     * @param prefix {@code eval}, {@code eval_NAME} for further validation rows, or {@code test}
     */
    void evaluation(int step, String prefix, Evaluation evaluation);

    /** Returns a log that writes into several logs. */
    static RunLog all(List<RunLog> logs) {
        return new RunLog() {
            @Override
            public void step(StepRecord step, double stepSeconds) {
                logs.forEach(log -> log.step(step, stepSeconds));
            }

            @Override
            public void evaluation(int step, String prefix, Evaluation evaluation) {
                logs.forEach(log -> log.evaluation(step, prefix, evaluation));
            }
        };
    }
}
