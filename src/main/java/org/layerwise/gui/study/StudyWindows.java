package org.layerwise.gui.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens windows: each holds one study. */
public interface StudyWindows {

    /**
     * Opens another window.
     *
     * @param study what it shows; null for a new study
     */
    void open(@Nullable Path study);

    /** Brings the window of a study to the front; false if it is open in none. */
    boolean show(Path study);
}
