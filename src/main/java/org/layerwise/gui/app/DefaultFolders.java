package org.layerwise.gui.app;

import java.nio.file.Path;
import org.layerwise.install.AppFolders;

/**
 * Folders for files whose location the user did not choose.
 *
 * @param runs folder for the runs of unsaved studies
 * @param recovery folder for recovery copies of open studies
 */
public record DefaultFolders(Path runs, Path recovery) {

    /** Returns the folders of the user's account. */
    public static DefaultFolders of(AppFolders folders) {
        return new DefaultFolders(folders.runs(), folders.recovery());
    }
}
