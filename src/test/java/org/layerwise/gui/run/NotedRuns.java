package org.layerwise.gui.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Remembers runs for as long as a test lasts. */
public final class NotedRuns implements UnfinishedRunStore {

    private final List<Path> folders = new ArrayList<>();
    private List<Path> saved = List.of();

    @Override
    public List<Path> unfinished() {
        return List.copyOf(folders);
    }

    /** What a program that dies now would find at its next start. */
    public List<Path> saved() {
        return saved;
    }

    @Override
    public void begun(Path folder) {
        ended(folder);
        folders.add(folder);
    }

    @Override
    public void ended(Path folder) {
        folders.remove(folder);
    }

    @Override
    public Runnable saving() {
        List<Path> now = unfinished();
        return () -> saved = now;
    }
}
