package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerwise.testing.CancelledProgress;

@Timeout(30)
class CancellableWaitTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @AfterEach
    void nextTestIsNotInterrupted() {
        Thread.interrupted();
    }

    /** Is cancelled when it is asked for the third time: the wait has begun then. */
    private static Progress cancelledSoon() {
        AtomicInteger asked = new AtomicInteger();
        return CancelledProgress.when(() -> asked.incrementAndGet() > 2);
    }

    @Test
    void anAnswerIsTaken() throws Exception {
        CompletableFuture.runAsync(() -> answer.complete("yes"));
        assertThat(CancellableWait.answer(answer, LONG, Progress.none())).isEqualTo("yes");
        assertThat(answer.isCancelled()).isFalse();
    }

    @Test
    void aFailureIsToldAsItIs() {
        answer.completeExceptionally(new IOException("gone"));
        assertThatThrownBy(() -> CancellableWait.answer(answer, LONG, Progress.none()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whatDoesNotComeIsGivenUp() {
        assertThatThrownBy(() -> CancellableWait.answer(answer, Duration.ofMillis(1), Progress.none()))
                .isInstanceOf(TimeoutException.class);
        assertThat(answer.isCancelled()).isTrue();
    }

    @Test
    void cancellingEndsAWaitForAnAnswer() {
        assertThatThrownBy(() -> CancellableWait.answer(answer, LONG, cancelledSoon()))
                .isInstanceOf(CancelledException.class);
        assertThat(answer.isCancelled()).isTrue();
    }

    @Test
    void cancellingEndsASleep() {
        assertThatThrownBy(() -> CancellableWait.sleep(LONG, cancelledSoon())).isInstanceOf(CancelledException.class);
    }

    @Test
    void anInterruptEndsBothAndStays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> CancellableWait.sleep(LONG, Progress.none())).isInstanceOf(CancelledException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThatThrownBy(() -> CancellableWait.answer(answer, LONG, Progress.none()))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(answer.isCancelled()).isTrue();
    }
}
