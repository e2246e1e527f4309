package org.layerwise.gui.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;

/** Opens windows, each of which holds one study. */
public interface StudyWindows {

    /**
     * Opens another window.
     *
     * @param study file to open; null for a new study
     */
    void open(@Nullable Path study);

    /** Opens another window that recovers a study after a crash. */
    void recover(RecoverySlot slot, RecoveryStore.Left copy);

    /** Brings the window of a study to the front; returns false if no window has the study. */
    boolean show(Path study);
}
