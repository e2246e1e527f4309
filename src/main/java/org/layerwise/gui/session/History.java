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
 * What people changed, to take it back and to make it again: one order for selections and settings of all panes. Changes of
 * the same thing in quick succession, as while a slider is pulled, are one change. On the FX thread only.
 */
public final class History {

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
     * @param owner whose change it is
     * @param thing what was changed; changes of an equal thing follow up on each other, null never does
     * @param name for people: "learning rate"
     */
    private record Edit(Object owner, @Nullable Object thing, String name, Runnable undo, Runnable redo) {}

    public History() {
        this(System::nanoTime);
    }

    /** @param nanos the time, for tests */
    History(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What would be taken back, for people; empty if there is nothing. */
    public ReadOnlyStringProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** What would be made again, for people; empty if there is nothing. */
    public ReadOnlyStringProperty redoableProperty() {
        return redoable.getReadOnlyProperty();
    }

    /**
     * Takes up a change that has been made.
     *
     * @param owner whose change it is, see {@link #forget}
     * @param thing what was changed; null for a change that follows up on no other
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
     * Takes up changes of a value that several properties make up.
     *
     * @param name says what is changed
     * @param read makes the value of them
     * @param write sets them to a value
     * @param parts all of them
     */
    public <S> void follow(Object owner, String name, Supplier<S> read, Consumer<S> write, Observable... parts) {
        Follower<S> follower = new Follower<>(owner, name, read, write);
        for (Observable part : parts) {
            part.addListener((InvalidationListener) changed -> follower.look(changed));
        }
    }

    /** Makes all changes of an action one. */
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

    /** Does something that is not to be taken back: what the program changes by itself. */
    public void quietly(Runnable action) {
        boolean before = quiet;
        quiet = true;
        try {
            action.run();
        } finally {
            quiet = before;
        }
    }

    /** Forgets the changes of an owner: they make no sense any longer. */
    public void forget(Object owner) {
        past.removeIf(edit -> edit.owner.equals(owner));
        future.removeIf(edit -> edit.owner.equals(owner));
        say();
    }

    /** Forgets everything, such as after a study was opened. */
    public void clear() {
        past.clear();
        future.clear();
        say();
    }

    /** Takes the last change back. */
    public void undo() {
        step(past, future, Edit::undo);
    }

    /** Makes a change again that was taken back. */
    public void redo() {
        step(future, past, Edit::redo);
    }

    private void step(Deque<Edit> from, Deque<Edit> to, java.util.function.Function<Edit, Runnable> way) {
        Edit edit = from.poll();
        if (edit != null) {
            to.push(edit);
            last = nanos.getAsLong() - ONE_PULL_NANOS; // the next change is one of its own
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
