package org.layerwise.gui.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;

/** Opens windows: each holds one study. */
public interface StudyWindows {

    /**
     * Opens another window.
     *
     * @param study what it shows; null for a new study
     */
    void open(@Nullable Path study);

    /** Opens another window that goes on with what a crash left behind. */
    void recover(RecoverySlot slot, RecoveryStore.Left copy);

    /** Brings the window of a study to the front; false if it is open in none. */
    boolean show(Path study);
}
