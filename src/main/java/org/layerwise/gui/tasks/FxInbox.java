package org.layerwise.gui.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Passes values from a background thread to the FX thread, in batches and in order. */
public final class FxInbox<T> {

    private final ConcurrentLinkedQueue<T> waiting = new ConcurrentLinkedQueue<>();
    private final Consumer<List<T>> receiver;
    private final Runnable wake;

    /**
     * Creates an empty inbox.
     *
     * @param receiver receives the values that arrived since its last call, on the FX thread
     */
    public FxInbox(FxExecutor ui, Consumer<List<T>> receiver) {
        this.receiver = receiver;
        this.wake = ui.coalesced(this::drain);
    }

    /** Adds a value. May be called on any thread. */
    public void put(T value) {
        waiting.add(value);
        wake.run();
    }

    /** Passes the waiting values to the receiver now. Must be called on the FX thread. */
    public void drain() {
        List<T> batch = new ArrayList<>();
        for (T value = waiting.poll(); value != null; value = waiting.poll()) {
            batch.add(value);
        }
        if (!batch.isEmpty()) {
            receiver.accept(batch);
        }
    }
}
