package org.layerwise.gui.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import org.layerwise.training.StepRecord;

/** How fast a training goes, by its last steps: the first ones are slower. Not for several threads at once. */
public final class Pace {

    private static final int STEPS = 50;

    private final Deque<StepRecord> last = new ArrayDeque<>();

    /** The next step. One that is not later than those before it begins anew. */
    public void step(StepRecord step) {
        if (!last.isEmpty() && last.getLast().step() >= step.step()) {
            last.clear();
        }
        last.addLast(step);
        if (last.size() > STEPS) {
            last.removeFirst();
        }
    }

    /** How long the remaining steps take, without pauses and evaluations; empty before there are two steps to judge by. */
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
