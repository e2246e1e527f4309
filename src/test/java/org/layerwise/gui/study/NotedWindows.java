package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;

/** Windows that are only noted: a study's file, or nothing for a new one. */
public final class NotedWindows implements StudyWindows {

    private final List<String> opened = new ArrayList<>();

    /** What was opened, in order; "new" for a new study. */
    public List<String> opened() {
        return opened;
    }

    @Override
    public void open(@Nullable Path study) {
        opened.add(study == null ? "new" : study.toString());
    }

    @Override
    public void recover(RecoverySlot slot, RecoveryStore.Left copy) {
        opened.add("recovered");
        slot.close();
    }

    @Override
    public boolean show(Path study) {
        return false;
    }
}
