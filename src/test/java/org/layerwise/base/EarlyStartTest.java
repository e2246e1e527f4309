package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyStartTest {

    @Test
    void runsTheWork() throws InterruptedException {
        AtomicReference<String> done = new AtomicReference<>("");

        EarlyStart.begin("test", () -> done.set(Thread.currentThread().getName()))
                .join();

        assertThat(done).hasValue("test");
    }

    @ParameterizedTest
    @ValueSource(classes = {UserException.class, IllegalStateException.class, UnsatisfiedLinkError.class})
    void noFailureEscapes(Class<? extends Throwable> failure) throws InterruptedException {
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> escaped.set(e));
        try {
            EarlyStart.begin("test", () -> {
                        if (failure == UserException.class) {
                            throw new UserException("no");
                        } else if (failure == IllegalStateException.class) {
                            throw new IllegalStateException("no");
                        }
                        throw new UnsatisfiedLinkError("no");
                    })
                    .join();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }

        assertThat(escaped).hasValue(null);
    }
}
