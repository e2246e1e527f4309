package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerwise.testing.CancelledProgress;

@Timeout(30)
class BackgroundTaskTest {

    @Test
    void resultAndRemarksReachWhoeverWaits() {
        List<String> remarks = new ArrayList<>();
        try (BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            progress.note("a remark");
            return Thread.currentThread().getName();
        })) {
            assertThat(task.await(Progress.none().noting(remarks::add))).isEqualTo("test");
            assertThat(remarks).containsExactly("a remark");
            assertThat(task.finished()).contains("test");
        }
    }

    @Test
    void aFailureIsThrownAsItIs() {
        for (Throwable failure : List.of(new UserException("no"), new OutOfMemoryError("full"))) {
            try (BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            })) {
                assertThatThrownBy(() -> task.await(Progress.none())).isSameAs(failure);
                assertThat(task.finished()).isEmpty();
            }
        }
    }

    @Test
    void messagesReachWhoeverWaits() {
        CountDownLatch seen = new CountDownLatch(2);
        List<String> messages = new ArrayList<>();
        Progress waiting = new Progress() {
            @Override
            public void report(double fraction, String message) {
                messages.add(fraction + " " + message);
                seen.countDown();
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        try (BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            progress.report(0.25, "at work");
            while (seen.getCount() > 1) {
                CancellableWait.sleep(Duration.ofMillis(10), progress);
            }
            progress.report(0.5, "still at work");
            while (seen.getCount() > 0) {
                CancellableWait.sleep(Duration.ofMillis(10), progress);
            }
            return "done";
        })) {
            assertThat(task.await(waiting)).isEqualTo("done");
            assertThat(messages).containsExactly("0.25 at work", "0.5 still at work");
        }
    }

    @Test
    void remarksBeforeAFailureReachWhoeverWaits() {
        List<String> remarks = new ArrayList<>();
        try (BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            progress.note("a remark");
            throw new UserException("no");
        })) {
            assertThatThrownBy(() -> task.await(Progress.none().noting(remarks::add)))
                    .hasMessage("no");
            assertThat(remarks).containsExactly("a remark");
        }
    }

    @Test
    void aCancelledWaitLeavesTheWorkToItsOwner() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        try (BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "done";
        })) {
            assertThatThrownBy(() -> task.await(CancelledProgress.when(() -> asked.incrementAndGet() > 2)))
                    .isInstanceOf(CancelledException.class);
            go.countDown();
            assertThat(task.await(Progress.none())).isEqualTo("done");
        }
    }

    @Test
    void closingStopsTheWorkAndWaitsForItsEnd() {
        AtomicBoolean ended = new AtomicBoolean();
        BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            try {
                CancellableWait.sleep(Duration.ofHours(1), progress);
                return "slept";
            } finally {
                ended.set(true);
            }
        });

        task.close();

        assertThat(ended).isTrue();
        assertThat(task.finished()).isEmpty();
    }

    @Test
    void anInterruptedThreadWaitsForTheEndToo() {
        CountDownLatch go = new CountDownLatch(1);
        BackgroundTask<String> task = BackgroundTask.start("test", progress -> {
            while (go.getCount() > 0) { // as native code, which no interrupt ends
                Thread.onSpinWait();
            }
            return "done";
        });
        Thread opener = new Thread(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            go.countDown();
        });
        opener.start();

        Thread.currentThread().interrupt();
        task.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(task.finished()).contains("done");
    }
}
