package org.layerwise.gui.tasks;

import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;

/**
 * A piece of long work and what follows from it. The body runs on a background thread; what follows runs on the FX
 * thread, and exactly one of {@code done}, {@code failed} and {@code cancelled} is called.
 *
 * @param title what is done, for people: "Analyzing bge-small"
 * @param trend numbers to draw small beside the progress, such as the loss; changed on the FX thread only
 * @param pause holds the work up; null where it cannot be held up. Work that can says itself how long it still takes
 */
public record Work<T>(
        String title,
        Lane lane,
        Body<T> body,
        Consumer<T> done,
        Consumer<Throwable> failed,
        Runnable cancelled,
        ObservableList<Double> trend,
        @Nullable Pause pause) {

    /** The work itself. */
    @FunctionalInterface
    public interface Body<T> {
        T run(Progress progress) throws Exception;
    }

    /** Heavy work without anything that follows yet. */
    public static <T> Work<T> heavy(String title, Body<T> body) {
        return new Work<>(
                title,
                Lane.HEAVY,
                body,
                result -> {},
                error -> {},
                () -> {},
                FXCollections.observableArrayList(),
                null);
    }

    /** Light work without anything that follows yet. */
    public static <T> Work<T> light(String title, Body<T> body) {
        return new Work<>(
                title,
                Lane.LIGHT,
                body,
                result -> {},
                error -> {},
                () -> {},
                FXCollections.observableArrayList(),
                null);
    }

    /** Light work that is not listed, without anything that follows yet. */
    public static <T> Work<T> quiet(String title, Body<T> body) {
        return new Work<>(
                title,
                Lane.QUIET,
                body,
                result -> {},
                error -> {},
                () -> {},
                FXCollections.observableArrayList(),
                null);
    }

    /** Work that waits for another machine, without anything that follows yet. */
    public static <T> Work<T> remote(String title, Body<T> body) {
        return new Work<>(
                title,
                Lane.NETWORK,
                body,
                result -> {},
                error -> {},
                () -> {},
                FXCollections.observableArrayList(),
                null);
    }

    /** Looks on while another machine works, without anything that follows yet. */
    public static <T> Work<T> watch(String title, Body<T> body) {
        return new Work<>(
                title,
                Lane.WATCH,
                body,
                result -> {},
                error -> {},
                () -> {},
                FXCollections.observableArrayList(),
                null);
    }

    /** With this to do when the work is done. */
    public Work<T> whenDone(Consumer<T> next) {
        return new Work<>(title, lane, body, next, failed, cancelled, trend, pause);
    }

    /** With this to do when the work fails. */
    public Work<T> whenFailed(Consumer<Throwable> next) {
        return new Work<>(title, lane, body, done, next, cancelled, trend, pause);
    }

    /** With this to do when the work was cancelled. */
    public Work<T> whenCancelled(Runnable next) {
        return new Work<>(title, lane, body, done, failed, next, trend, pause);
    }

    /** With these numbers to draw beside the progress. */
    public Work<T> showing(ObservableList<Double> numbers) {
        return new Work<>(title, lane, body, done, failed, cancelled, numbers, pause);
    }

    /** With a switch that holds it up. */
    public Work<T> heldUpBy(Pause other) {
        return new Work<>(title, lane, body, done, failed, cancelled, trend, other);
    }
}
