package org.layerwise.gui.model;

import java.nio.file.Path;
import java.util.List;

/** Remembers which model folders were opened. */
public interface RecentFolders {

    /** The folders, the last one first. */
    List<Path> recent();

    /** This folder was opened just now. */
    void add(Path folder);
}
