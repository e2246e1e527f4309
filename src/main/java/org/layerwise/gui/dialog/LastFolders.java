package org.layerwise.gui.dialog;

import java.nio.file.Path;
import java.util.Optional;

/** Remembers where files were last chosen. */
public interface LastFolders {

    Optional<Path> get(FileDialogs.Purpose purpose);

    void put(FileDialogs.Purpose purpose, Path folder);
}
