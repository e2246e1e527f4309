package org.layerwise.base;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work that is started on a thread of its own ahead of the use of its result. Messages, remarks and failures reach whoever
 * waits for the result. Closing it stops the work and waits for its end.
 */
public final class BackgroundTask<T> implements AutoCloseable {

    /** Time after which a wait passes on the next message. */
    private static final Duration PIECE = Duration.ofMillis(100);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final List<String> remarks = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable Message message;
    private volatile boolean closed;

    private BackgroundTask(String name, Function<Progress, T> work) {
        Progress progress = new Progress() {
            @Override
            public void report(double fraction, String words) {
                message = new Message(fraction, words);
            }

            @Override
            public void note(String remark) {
                remarks.add(remark);
            }

            @Override
            public boolean cancelled() {
                return closed;
            }
        };
        thread = new Thread(
                () -> {
                    try {
                        result.complete(work.apply(progress));
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
    }

    /**
     * Starts work.
     *
     * @param name name of the thread
     * @param work receives a progress that is cancelled when the task is closed, and must check it at least once a second
     */
    public static <T> BackgroundTask<T> start(String name, Function<Progress, T> work) {
        BackgroundTask<T> task = new BackgroundTask<>(name, work);
        task.thread.start();
        return task;
    }

    /**
     * Returns the result, and waits for it if necessary. The work goes on if the wait is cancelled.
     *
     * @param progress receives the messages of the work during the wait, and the remarks of work that has ended
     * @throws RuntimeException the failure of the work
     * @throws CancelledException if the progress is cancelled
     */
    public T await(Progress progress) {
        Message told = null;
        while (true) {
            try {
                T found = CancellableWait.answer(result.copy(), PIECE, progress);
                remarks.forEach(progress::note);
                return found;
            } catch (TimeoutException e) {
                Message last = message;
                if (last != null && last != told) {
                    progress.report(last.fraction(), last.words());
                    told = last;
                }
            } catch (ExecutionException e) {
                remarks.forEach(progress::note);
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof Error failure) {
                    throw failure;
                }
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns the result if the work has ended without a failure; does not wait. */
    public Optional<T> finished() {
        return result.isDone() && !result.isCompletedExceptionally() ? Optional.of(result.join()) : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Message of the work.
     *
     * @param fraction completed part as {@link Progress#report} gets it
     */
    private record Message(double fraction, String words) {}
}
