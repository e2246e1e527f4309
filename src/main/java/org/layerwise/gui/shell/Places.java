package org.layerwise.gui.shell;

import java.nio.file.Path;
import org.layerwise.study.AppFolders;

/**
 * Where the window writes what people gave no place.
 *
 * @param runs run folders of studies without a file
 * @param recovery copies of open studies
 */
public record Places(Path runs, Path recovery) {

    /** The user's own folders. */
    public static Places of(AppFolders folders) {
        return new Places(folders.runs(), folders.recovery());
    }
}
