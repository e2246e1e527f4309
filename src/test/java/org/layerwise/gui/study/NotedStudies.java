package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recent studies in memory. */
public final class NotedStudies implements RecentStudies {

    private final List<Path> noted = new ArrayList<>();

    @Override
    public List<Path> recentStudies() {
        return List.copyOf(noted);
    }

    @Override
    public void addStudy(Path file) {
        noted.remove(file);
        noted.add(0, file);
    }
}
