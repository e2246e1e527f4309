package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Path;
import org.layerwise.base.file.DiskSpace;

/** Free space of a disk. */
@FunctionalInterface
interface DownloadSpace {

    /** Returns the number of bytes that this user can still write into an existing folder. */
    long free(Path folder) throws IOException;

    /** Returns the free space of the real file system. */
    static DownloadSpace real() {
        return DiskSpace::usable;
    }
}
