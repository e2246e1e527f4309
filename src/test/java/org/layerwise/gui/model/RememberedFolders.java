package org.layerwise.gui.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recent folders without a file. */
public final class RememberedFolders implements RecentFolders {

    private final List<Path> folders = new ArrayList<>();

    @Override
    public List<Path> recent() {
        return List.copyOf(folders);
    }

    @Override
    public void add(Path folder) {
        folders.remove(folder);
        folders.add(0, folder);
    }
}
