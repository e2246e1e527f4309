package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;
import org.layerwise.study.document.RecoveryStore.Left;

/** Offers the studies that a crash left behind, one after another. */
public final class RecoveryViewModel {

    private final RecoveryStore store;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final StudyWindows windows;
    private final StudyViewModel study;
    private final Deque<Left> others = new ArrayDeque<>();
    private final ReadOnlyObjectWrapper<@Nullable Left> offered = new ReadOnlyObjectWrapper<>();

    public RecoveryViewModel(
            RecoveryStore store, WorkQueue queue, Dialogs dialogs, StudyWindows windows, StudyViewModel study) {
        this.store = store;
        this.windows = windows;
        this.queue = queue;
        this.dialogs = dialogs;
        this.study = study;
    }

    /** Study that is offered now; null if there is none. */
    public ReadOnlyObjectProperty<@Nullable Left> offeredProperty() {
        return offered.getReadOnlyProperty();
    }

    /** Looks for studies to recover. Must be called once, at the start of the program. */
    public void look() {
        queue.submit(Work.quiet(text("study.looking"), progress -> store.left())
                .whenDone(left -> {
                    others.addAll(left);
                    next();
                })
                .whenFailed(dialogs.failure(text("study.looking.failed"), null)));
    }

    /** Recovers the offered study: in this window if it is blank, otherwise in a new window. */
    public void recover() {
        Left left = offered.get();
        if (left == null) {
            return;
        }
        queue.submit(Work.light(text("study.opening"), progress -> store.adopt(left))
                .whenDone(slot -> {
                    slot.ifPresent(taken -> recover(taken, left));
                    next();
                })
                .whenFailed(dialogs.failure(text("study.open.failed"), null)));
    }

    private void recover(RecoverySlot slot, Left left) {
        if (study.blank()) {
            study.recover(slot, left);
        } else {
            windows.recover(slot, left);
        }
    }

    /** Deletes the offered study after a confirmation. */
    public void discard() {
        Left left = offered.get();
        boolean sure = left != null
                && dialogs.confirm(
                        text("study.discard.title"),
                        text("study.discard.sentence"),
                        text("study.recover.discard"),
                        text("study.discard.keep"));
        if (left == null || !sure) {
            return;
        }
        queue.submit(Work.light(text("study.discarding"), progress -> {
                    Optional<RecoverySlot> slot = store.adopt(left);
                    slot.ifPresent(RecoverySlot::discard);
                    return left;
                })
                .whenDone(gone -> next())
                .whenFailed(dialogs.failure(text("study.discard.failed"), null)));
    }

    private void next() {
        offered.set(others.poll());
    }
}
