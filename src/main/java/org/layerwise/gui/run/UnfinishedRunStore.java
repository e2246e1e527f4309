package org.layerwise.gui.run;

import java.nio.file.Path;
import java.util.List;

/** Stores which runs have started and not ended, from one start of the program to the next. */
public interface UnfinishedRunStore {

    /** Returns the folders of the unfinished runs, oldest first. */
    List<Path> unfinished();

    /** Adds a run that has started. */
    void begun(Path folder);

    /** Removes a run that has ended. */
    void ended(Path folder);

    /** Returns an action that saves the list as of this call. The action may run on any thread. */
    Runnable saving();
}
