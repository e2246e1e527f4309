package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.List;

/** Remembers the study files that were opened or saved. */
public interface RecentStudies {

    /** Returns the existing files, the last one first. */
    List<Path> recentStudies();

    /** Adds a file that was just opened or saved. */
    void addStudy(Path file);
}
