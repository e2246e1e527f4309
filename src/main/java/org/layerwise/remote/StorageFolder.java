package org.layerwise.remote;

import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.UserException;

/**
 * Folder in which jobs find their files and leave their results.
 *
 * @param there path as the cluster sees it, absolute; all its workers must see it
 * @param here path of the same folder as this computer sees it, if the folder is shared; empty if files are sent by SSH
 */
public record StorageFolder(String there, Optional<Path> here) {

    /**
     * Creates a folder.
     *
     * @throws UserException if the path on the cluster is not absolute, or not a path of a Unix machine
     */
    public StorageFolder {
        ClusterRules.folder(there);
        there = there.length() > 1 ? there.replaceAll("/+$", "") : there;
        here = here.map(path -> path.toAbsolutePath().normalize());
    }

    /** Returns the path of a file or folder as the cluster sees it. */
    public String there(String relative) {
        return (there.equals("/") ? "" : there) + "/" + relative;
    }
}
