package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Path;
import org.layerwise.base.DiskSpace;

/** How much can still be written to a disk. */
@FunctionalInterface
interface Space {

    /** The bytes that this user can still write into a folder, which is there. */
    long free(Path folder) throws IOException;

    /** That of the file system. */
    static Space real() {
        return DiskSpace::usable;
    }
}
