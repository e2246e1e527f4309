package org.layerwise.gui.model;

import java.nio.file.Path;
import java.util.List;

/** Remembers recently opened model folders. */
public interface RecentFolders {

    /** Returns the folders, the last one first. */
    List<Path> recent();

    /** Adds a folder that was just opened. */
    void add(Path folder);
}
