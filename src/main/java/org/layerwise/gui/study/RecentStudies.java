package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.List;

/** Remembers which study files were opened or saved. */
public interface RecentStudies {

    /** Those that are still there, the last one first. */
    List<Path> recentStudies();

    /** This file was opened or saved just now. */
    void addStudy(Path file);
}
