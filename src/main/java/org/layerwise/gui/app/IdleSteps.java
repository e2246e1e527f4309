package org.layerwise.gui.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;

/**
 * Work on the FX thread that begins after the window is first painted: a few milliseconds of it a pulse, while nothing else runs. It stops where
 * other work runs, and {@link #start} goes on. Urgent steps, for which the user waits, do not stop.
 */
final class IdleSteps extends AnimationTimer {

    /** Pulses until the window is painted. */
    private static final int PAINTED = 4;

    /** Pulses after other work: the next may follow at once, and what the last one changed is painted first. */
    private static final int AFTER_WORK = 10;

    /** Time in which further steps begin in the same pulse. */
    private static final long SHARE = TimeUnit.MILLISECONDS.toNanos(6);

    /** Time of the steps of one pulse from which on the next pulse is left out: between two long steps the window answers its user. */
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(16);

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Deque<Runnable> urgent = new ArrayDeque<>();
    private final BooleanSupplier idle;
    private final Runnable pause;
    private int pulsesLeft = PAINTED;
    private boolean closed;

    /**
     * @param idle returns false while the window works for its user; steps then wait
     * @param pause called when steps begin to wait
     */
    IdleSteps(BooleanSupplier idle, Runnable pause) {
        this.idle = idle;
        this.pause = pause;
    }

    /** Adds steps before all others, in their order. */
    void insert(List<Runnable> next) {
        for (int i = next.size() - 1; i >= 0; i--) {
            steps.addFirst(next.get(i));
        }
    }

    /** Runs steps in the next pulses before all others, also while other work runs; at once if the steps were closed. */
    void hurry(List<Runnable> next) {
        if (closed) {
            next.forEach(Runnable::run);
        } else {
            urgent.addAll(next);
            start();
        }
    }

    /** Goes on with the steps, unless they were closed. */
    @Override
    public void start() {
        if (!closed) {
            super.start();
        }
    }

    /** Ends the steps for good. */
    void close() {
        closed = true;
        stop();
    }

    @Override
    public void handle(long now) {
        if (!urgent.isEmpty()) {
            run(urgent);
        } else if (steps.isEmpty()) {
            stop();
        } else if (!idle.getAsBoolean()) {
            pause.run();
            pulsesLeft = AFTER_WORK;
            stop(); // else the window would be drawn at every pulse for hours
        } else if (--pulsesLeft <= 0) {
            pulsesLeft = run(steps) < LONG ? 1 : 2;
        }
    }

    /** Runs the next steps of a pulse and returns their time in nanoseconds. */
    private static long run(Deque<Runnable> steps) {
        long start = System.nanoTime();
        do {
            steps.remove().run();
        } while (!steps.isEmpty() && System.nanoTime() - start < SHARE);
        return System.nanoTime() - start;
    }
}
