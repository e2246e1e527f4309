package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ForwardingProgress;
import org.layerwise.base.Progress;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.TrainingSpeed;
import org.layerwise.training.StepRecord;

/** Progress of a training that adds the speed and the remaining time to its message. Used on the training's thread. */
final class RunProgress extends ForwardingProgress {

    private final TrainingSpeed pace = new TrainingSpeed();
    private @Nullable StepRecord last;

    RunProgress(Progress whole) {
        super(whole);
    }

    /** Receives the next step. */
    void step(StepRecord step) {
        pace.step(step);
        last = step;
    }

    @Override
    public void report(double fraction, String message) {
        whole.report(fraction, message + (last == null ? "" : speed(last)));
    }

    private String speed(StepRecord step) {
        OptionalDouble left = pace.secondsLeft();
        String speed = text("run.speed", NumberTexts.rate(step.tokensPerSecond()));
        return left.isEmpty() ? speed : speed + text("tasks.remaining", NumberTexts.clock(left.getAsDouble()));
    }
}
