package org.layerwise.gui.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import org.layerwise.training.StepRecord;

/** Speed of a training, measured over its last 50 steps because the first steps are slower. Not thread-safe. */
public final class TrainingSpeed {

    private static final int STEPS = 50;

    private final Deque<StepRecord> last = new ArrayDeque<>();

    /** Adds a step. A step that is not later than the steps before it resets the measurement. */
    public void step(StepRecord step) {
        if (!last.isEmpty() && last.getLast().step() >= step.step()) {
            last.clear();
        }
        last.addLast(step);
        if (last.size() > STEPS) {
            last.removeFirst();
        }
    }

    /**
     * Returns the expected time of the remaining steps in seconds, without pauses and evaluations; empty before two
     * steps are known.
     */
    public OptionalDouble secondsLeft() {
        if (last.size() < 2) {
            return OptionalDouble.empty();
        }
        StepRecord from = last.getFirst();
        StepRecord to = last.getLast();
        double each = (to.seconds() - from.seconds()) / (to.step() - from.step());
        return OptionalDouble.of(Math.max(0, each * (to.totalSteps() - to.step())));
    }
}
