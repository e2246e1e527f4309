package org.layerwise.gui.runs;

import java.nio.file.Path;
import java.util.List;

/** Which runs were begun and have not come to their end, from one start of the program to the next. */
public interface RememberedRuns {

    /** Their folders, the oldest first. */
    List<Path> unfinished();

    /** A run is to be remembered. */
    void begun(Path folder);

    /** A run need not be remembered any longer. */
    void ended(Path folder);

    /** Saves what is remembered now, when it is run; from any thread. */
    Runnable saving();
}
