package org.layerwise.gui.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.session.RunEntry.Evaluated;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

class RunEntryTest {

    private final RunEntry run = new RunEntry(
            3, "definitions-6of12-20260301-120000-2", Path.of("runs", "r"), new TreeSet<>(List.of(1, 2)), 12);

    @Test
    void itsShortNameIsWithoutTheTime() {
        assertThat(run.shortName()).isEqualTo("definitions-6of12");
        assertThat(new RunEntry(1, "half-cka", Path.of("r"), new TreeSet<>(), 0).shortName())
                .isEqualTo("half-cka");
    }

    @Test
    void whatAResumeDoesAgainReplacesWhatWasHeard() {
        run.add(steps(1, 40));
        run.evaluate(List.of(evaluated(0), evaluated(16), evaluated(32)));
        run.add(steps(33, 36));
        assertThat(run.steps()).extracting(StepRecord::step).hasSize(36).endsWith(32, 33, 34, 35, 36);
        assertThat(run.evaluations()).extracting(Evaluated::step).containsExactly(0, 16, 32);
        run.evaluate(List.of(evaluated(0))); // it begins anew
        run.add(steps(1, 2));
        assertThat(run.steps()).extracting(StepRecord::step).containsExactly(1, 2);
        assertThat(run.evaluations()).extracting(Evaluated::step).containsExactly(0);
    }

    @Test
    void anEvaluationThatIsHeardOfLateTakesNoSteps() {
        run.add(steps(1, 20));
        run.evaluate(List.of(evaluated(16)));
        assertThat(run.steps()).hasSize(20);
    }

    @Test
    void itIsHeldUpOnlyWhileItRuns() {
        run.hold(true);
        assertThat(run.stateProperty().get()).isEqualTo(State.QUEUED);
        run.start();
        run.hold(true);
        assertThat(run.stateProperty().get()).isEqualTo(State.PAUSED);
        run.add(steps(1, 1)); // one that was on its way
        assertThat(run.stateProperty().get()).isEqualTo(State.PAUSED);
        run.hold(false);
        assertThat(run.stateProperty().get()).isEqualTo(State.RUNNING);
        run.stop();
        run.hold(true);
        assertThat(run.stateProperty().get()).isEqualTo(State.STOPPING);
        assertThat(run.active()).isTrue();
        run.cancel();
        assertThat(run.active()).isFalse();
        assertThat(run.resumable()).isTrue();
    }

    @Test
    void theTimeLeftFollowsTheLastSteps() {
        assertThat(run.secondsLeft()).isEmpty();
        run.add(steps(1, 1));
        assertThat(run.secondsLeft()).isEmpty();
        run.add(steps(2, 40));
        assertThat(run.secondsLeft().getAsDouble()).isCloseTo(12, within(1e-9));
        run.fail();
        assertThat(run.secondsLeft()).isEmpty();
    }

    @Test
    void slowFirstStepsAreForgotten() {
        TrainingSpeed pace = new TrainingSpeed();
        double seconds = 0;
        for (int step = 1; step <= 200; step++) {
            seconds += step <= 20 ? 10 : 1;
            pace.step(new StepRecord(step, 300, 1, 1, 1, 1, seconds, 0));
        }
        assertThat(pace.secondsLeft().getAsDouble()).isCloseTo(100, within(1e-9));
    }

    private static List<StepRecord> steps(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(step -> new StepRecord(step, 100, 1.0 / step, 1e-3, 0.5, 2000, step * 0.2, 0))
                .toList();
    }

    private static Evaluated evaluated(int step) {
        return new Evaluated(step, new Evaluation(1.0 / (step + 1), 16, Map.of("accuracy", 0.5)));
    }
}
