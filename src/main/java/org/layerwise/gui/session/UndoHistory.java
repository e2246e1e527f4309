package org.layerwise.gui.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Undo history of the window. Selections and settings of all panes share one order. Quick successive changes of the
 * same thing, for example while a slider is dragged, count as one change. Use on the FX thread only.
 */
public final class UndoHistory {

    private static final int MOST = 200;
    private static final long ONE_PULL_NANOS = 800_000_000L;

    private final Deque<Edit> past = new ArrayDeque<>();
    private final Deque<Edit> future = new ArrayDeque<>();
    private final ReadOnlyStringWrapper undoable = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper redoable = new ReadOnlyStringWrapper("");
    private final LongSupplier nanos;
    private @Nullable List<Edit> group;
    private boolean quiet;
    private long last;

    /**
     * A change.
     *
     * @param owner object that the change belongs to
     * @param thing changed object; successive changes of an equal object are joined, changes of null never are
     * @param name name of the changed value in the user interface: "learning rate"
     */
    private record Edit(Object owner, @Nullable Object thing, String name, Runnable undo, Runnable redo) {}

    public UndoHistory() {
        this(System::nanoTime);
    }

    /** @param nanos clock in nanoseconds, replaced in tests */
    UndoHistory(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Name of the change that {@link #undo} reverts, for the user interface; empty if there is none. */
    public ReadOnlyStringProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** Name of the change that {@link #redo} repeats, for the user interface; empty if there is none. */
    public ReadOnlyStringProperty redoableProperty() {
        return redoable.getReadOnlyProperty();
    }

    /**
     * Records a change that has been made.
     *
     * @param owner object that the change belongs to, see {@link #forget}
     * @param thing changed object; null for a change that is never joined with another one
     */
    public void record(Object owner, @Nullable Object thing, String name, Runnable undo, Runnable redo) {
        if (quiet) {
            return;
        }
        Edit edit = new Edit(owner, thing, name, undo, redo);
        if (group != null) {
            group.add(edit);
            return;
        }
        long now = nanos.getAsLong();
        Edit before = past.peek();
        boolean follows = before != null
                && thing != null
                && before.owner.equals(owner)
                && thing.equals(before.thing)
                && future.isEmpty()
                && now - last < ONE_PULL_NANOS;
        last = now;
        push(follows && before != null ? joined(before, edit) : edit);
    }

    private Edit joined(Edit before, Edit edit) {
        past.pop();
        return new Edit(edit.owner, edit.thing, edit.name, before.undo, edit.redo);
    }

    private void push(Edit edit) {
        past.push(edit);
        if (past.size() > MOST) {
            past.removeLast();
        }
        future.clear();
        say();
    }

    /**
     * Records changes of a value that consists of several properties.
     *
     * @param name name of the changed value
     * @param read reads the value from the properties
     * @param write sets the properties to a value
     * @param parts all properties of the value
     */
    public <S> void follow(Object owner, String name, Supplier<S> read, Consumer<S> write, Observable... parts) {
        Follower<S> follower = new Follower<>(owner, name, read, write);
        for (Observable part : parts) {
            part.addListener((InvalidationListener) changed -> follower.look(changed));
        }
    }

    /** Runs an action and records all changes that it makes as one change. */
    public void together(Object owner, String name, Runnable action) {
        if (quiet || group != null) {
            action.run();
            return;
        }
        List<Edit> edits = new ArrayList<>();
        group = edits;
        try {
            action.run();
        } finally {
            group = null;
        }
        if (!edits.isEmpty()) {
            push(new Edit(
                    owner,
                    null,
                    name,
                    () -> {
                        for (int i = edits.size() - 1; i >= 0; i--) {
                            edits.get(i).undo.run();
                        }
                    },
                    () -> edits.forEach(edit -> edit.redo.run())));
        }
    }

    /** Runs an action whose changes are not recorded, for changes that the program makes by itself. */
    public void quietly(Runnable action) {
        boolean before = quiet;
        quiet = true;
        try {
            action.run();
        } finally {
            quiet = before;
        }
    }

    /** Removes all changes of an owner, because they can no longer be undone. */
    public void forget(Object owner) {
        past.removeIf(edit -> edit.owner.equals(owner));
        future.removeIf(edit -> edit.owner.equals(owner));
        say();
    }

    /** Removes all changes, for example after a study was opened. */
    public void clear() {
        past.clear();
        future.clear();
        say();
    }

    /** Undoes the last change. */
    public void undo() {
        step(past, future, Edit::undo);
    }

    /** Repeats the change that was undone last. */
    public void redo() {
        step(future, past, Edit::redo);
    }

    private void step(Deque<Edit> from, Deque<Edit> to, java.util.function.Function<Edit, Runnable> way) {
        Edit edit = from.poll();
        if (edit != null) {
            to.push(edit);
            last = nanos.getAsLong() - ONE_PULL_NANOS; // the next change is not joined with this one
            quietly(() -> way.apply(edit).run());
            say();
        }
    }

    private void say() {
        undoable.set(past.isEmpty() ? "" : past.element().name);
        redoable.set(future.isEmpty() ? "" : future.element().name);
    }

    private final class Follower<S> {

        private final Object owner;
        private final String name;
        private final Supplier<S> read;
        private final Consumer<S> write;
        private S known;

        Follower(Object owner, String name, Supplier<S> read, Consumer<S> write) {
            this.owner = owner;
            this.name = name;
            this.read = read;
            this.write = write;
            known = read.get();
        }

        void look(Observable changed) {
            S was = known;
            S is = read.get();
            known = is;
            if (!Objects.equals(was, is)) {
                record(owner, changed, name, () -> write.accept(was), () -> write.accept(is));
            }
        }
    }
}
