package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.animation.AnimationTimer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;

/** Steps run one after the other while nothing else does, and no timer waits for work to end. */
@Tag("window")
class IdleStepsUiTest extends ApplicationTest {

    private static final int PULSES = 40;

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private volatile boolean idle;

    @Test
    void stepsWaitForOtherWorkWithoutAskingAgain() throws InterruptedException {
        IdleSteps later = steps();
        later.insert(List.of(() -> done.add("first")));
        interact(later::start);
        awaitPulses();
        assertThat(done).isEmpty();
        assertThat(asked).hasValue(1);
        assertThat(pauses).hasValue(1);
        idle = true;
        awaitPulses();
        assertThat(done).isEmpty();
        interact(later::start);
        awaitPulses();
        assertThat(done).containsExactly("first");
        assertThat(pauses).hasValue(1);
    }

    @Test
    void insertedStepsComeFirst() throws InterruptedException {
        idle = true;
        IdleSteps later = steps();
        later.insert(List.of(
                () -> {
                    done.add("first");
                    later.insert(List.of(() -> done.add("a"), () -> done.add("b")));
                },
                () -> done.add("last")));
        interact(later::start);
        awaitPulses();
        assertThat(done).containsExactly("first", "a", "b", "last");
    }

    @Test
    void closedStepsNeverRun() throws InterruptedException {
        idle = true;
        IdleSteps later = steps();
        later.insert(List.of(() -> done.add("first")));
        interact(() -> {
            later.start();
            later.close();
            later.start();
        });
        awaitPulses();
        assertThat(done).isEmpty();
    }

    @Test
    void urgentStepsRunWhileOtherWorkRunsAndBeforeTheOthers() throws InterruptedException {
        IdleSteps later = steps();
        later.insert(List.of(() -> done.add("other")));
        interact(() -> later.hurry(List.of(
                () -> {
                    done.add("urgent");
                    later.hurry(List.of(() -> done.add("added")));
                },
                () -> done.add("next"))));
        awaitPulses();
        assertThat(done).containsExactly("urgent", "next", "added");
        idle = true;
        interact(later::start);
        awaitPulses();
        assertThat(done).containsExactly("urgent", "next", "added", "other");
    }

    @Test
    void urgentStepsRunAtOnceWhereStepsWereClosed() {
        IdleSteps later = steps();
        interact(() -> {
            later.close();
            later.hurry(List.of(() -> done.add("urgent")));
            assertThat(done).containsExactly("urgent");
        });
    }

    private IdleSteps steps() {
        return new IdleSteps(
                () -> {
                    asked.incrementAndGet();
                    return idle;
                },
                pauses::incrementAndGet);
    }

    private void awaitPulses() throws InterruptedException {
        CountDownLatch pulses = new CountDownLatch(PULSES);
        AnimationTimer counter = new AnimationTimer() {
            @Override
            public void handle(long now) {
                pulses.countDown();
            }
        };
        interact(counter::start);
        assertThat(pulses.await(60, TimeUnit.SECONDS)).isTrue();
        interact(counter::stop);
    }
}
