package org.layerwise.gui.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Values on their way from a working thread to the FX thread, handed over in batches and in order. */
public final class Inbox<T> {

    private final ConcurrentLinkedQueue<T> waiting = new ConcurrentLinkedQueue<>();
    private final Consumer<List<T>> receiver;
    private final Runnable wake;

    /** @param receiver called on the FX thread with what has arrived since its last call */
    public Inbox(Ui ui, Consumer<List<T>> receiver) {
        this.receiver = receiver;
        this.wake = ui.coalesced(this::drain);
    }

    /** Puts a value in; from any thread. */
    public void put(T value) {
        waiting.add(value);
        wake.run();
    }

    /** Hands over now what has arrived; on the FX thread. */
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
