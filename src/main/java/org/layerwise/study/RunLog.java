package org.layerwise.study;

import java.util.List;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** What is told of a run as it goes, for people and programs to follow. */
interface RunLog {

    /** @param stepSeconds that the step alone took */
    void step(StepRecord step, double stepSeconds);

    /**
     * @param step the number of steps taken
     * @param prefix {@code eval}, {@code eval_NAME} for more validation rows, or {@code test}
     */
    void evaluation(int step, String prefix, Evaluation evaluation);

    /** The same told to several. */
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
