package org.layerwise.remote;

import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.UserException;

/**
 * The folder in which jobs find their files and leave their results.
 *
 * @param there as the cluster sees it, absolute; all its workers must see it
 * @param here the same folder as this computer sees it, where it is shared; empty where files go by SSH
 */
public record StorageFolder(String there, Optional<Path> here) {

    /** @throws UserException if the path over there is not absolute, or no path of a Unix machine */
    public StorageFolder {
        TargetRules.folder(there);
        there = there.length() > 1 ? there.replaceAll("/+$", "") : there;
        here = here.map(path -> path.toAbsolutePath().normalize());
    }

    /** A file or folder in it, as the cluster sees it. */
    public String there(String relative) {
        return (there.equals("/") ? "" : there) + "/" + relative;
    }
}
