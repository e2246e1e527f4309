package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PauseSwitchTest {

    private final PauseSwitch pause = new PauseSwitch();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(2);

    private final Progress progress = new Progress() {
        @Override
        public void report(double fraction, String message) {
            // nobody looks
        }

        @Override
        public boolean cancelled() {
            asked.countDown();
            return cancelled.get();
        }
    };

    @Test
    void workGoesOnAtOnceUnlessItIsPaused() {
        pause.await(progress);
        pause.pause();
        assertThat(pause.paused()).isTrue();
        pause.resume();
        assertThat(pause.paused()).isFalse();
        pause.await(progress);
    }

    @Test
    void workWaitsUntilItIsResumed() throws InterruptedException {
        pause.pause();
        CompletableFuture<Void> work = CompletableFuture.runAsync(() -> pause.await(progress));
        asked.await();
        assertThat(work).isNotDone();
        pause.resume();
        work.join();
    }

    @Test
    void cancellingIsHeardWhilePaused() throws InterruptedException {
        pause.pause();
        CompletableFuture<Void> work = CompletableFuture.runAsync(() -> pause.await(progress));
        asked.await();
        cancelled.set(true);
        assertThatThrownBy(work::join).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void anInterruptCancels() {
        pause.pause();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pause.await(progress)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
