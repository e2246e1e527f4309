package org.layerwise.gui.common;

import java.nio.file.Path;
import java.util.Optional;

/** Stores the last folder for each purpose of a file dialog. */
public interface LastFolderStore {

    Optional<Path> get(FileDialogs.Purpose purpose);

    void put(FileDialogs.Purpose purpose, Path folder);
}
