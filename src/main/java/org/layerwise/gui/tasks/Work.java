package org.layerwise.gui.tasks;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;

/**
 * Piece of long work with its follow-up actions. The body runs on a background thread. The follow-up actions run on the
 * FX thread; exactly one of {@code done}, {@code failed} and {@code cancelled} is called.
 *
 * @param title description for the user, such as "Analyzing bge-small"
 * @param lane queue of the work
 * @param body the work itself
 * @param done receives the result of completed work
 * @param failed receives the exception of failed work
 * @param cancelled runs after cancelled work
 * @param trend numbers to draw beside the progress, such as the loss; changed on the FX thread only
 * @param pause pauses the work; null if the work cannot be paused. Work that can be paused reports its remaining time
 *     itself
 */
public record Work<T>(
        String title,
        Lane lane,
        Body<T> body,
        Consumer<T> done,
        Consumer<Throwable> failed,
        Runnable cancelled,
        ObservableList<Double> trend,
        @Nullable PauseSwitch pause) {

    /** Queue for a kind of work. */
    public enum Lane {
        /** Work that needs the model or much memory; one piece at a time. */
        HEAVY,
        /** Short work with files, which does not wait for heavy work; one piece at a time. */
        LIGHT,
        /** Short work with files that is not listed, because nobody waits for it. Shares the queue of {@link #LIGHT}. */
        QUIET,
        /** Work that mostly waits for another machine; all pieces run at the same time. */
        NETWORK,
        /**
         * Watching a job on another machine; all pieces run at the same time. The job continues when the watching ends, so
         * nothing is lost.
         */
        WATCH
    }

    /** Body of the work. */
    @FunctionalInterface
    public interface Body<T> {
        T run(Progress progress) throws Exception;
    }

    /** Creates heavy work without follow-up actions. */
    public static <T> Work<T> heavy(String title, Body<T> body) {
        return in(Lane.HEAVY, title, body);
    }

    /** Creates light work without follow-up actions. */
    public static <T> Work<T> light(String title, Body<T> body) {
        return in(Lane.LIGHT, title, body);
    }

    /** Creates light work that is not listed, without follow-up actions. */
    public static <T> Work<T> quiet(String title, Body<T> body) {
        return in(Lane.QUIET, title, body);
    }

    /** Creates work that waits for another machine, without follow-up actions. */
    public static <T> Work<T> remote(String title, Body<T> body) {
        return in(Lane.NETWORK, title, body);
    }

    /** Creates work that watches a job on another machine, without follow-up actions. */
    public static <T> Work<T> watch(String title, Body<T> body) {
        return in(Lane.WATCH, title, body);
    }

    private static <T> Work<T> in(Lane lane, String title, Body<T> body) {
        return new Work<>(
                title, lane, body, result -> {}, error -> {}, () -> {}, FXCollections.observableArrayList(), null);
    }

    /** Returns this work with another action for its completion. */
    public Work<T> whenDone(Consumer<T> next) {
        return new Work<>(title, lane, body, next, failed, cancelled, trend, pause);
    }

    /** Returns this work with another action for its failure. */
    public Work<T> whenFailed(Consumer<Throwable> next) {
        return new Work<>(title, lane, body, done, next, cancelled, trend, pause);
    }

    /** Returns this work with another action for its cancellation. */
    public Work<T> whenCancelled(Runnable next) {
        return new Work<>(title, lane, body, done, failed, next, trend, pause);
    }

    /** Returns this work with numbers to draw beside the progress. */
    public Work<T> showing(ObservableList<Double> numbers) {
        return new Work<>(title, lane, body, done, failed, cancelled, numbers, pause);
    }

    /** Returns this work with a body that reports to a view of its progress. */
    Work<T> reportingTo(UnaryOperator<Progress> view) {
        Body<T> viewed = progress -> body.run(view.apply(progress));
        return new Work<>(title, lane, viewed, done, failed, cancelled, trend, pause);
    }

    /** Returns this work with a switch that pauses it. */
    public Work<T> pausedBy(PauseSwitch other) {
        return new Work<>(title, lane, body, done, failed, cancelled, trend, other);
    }
}
