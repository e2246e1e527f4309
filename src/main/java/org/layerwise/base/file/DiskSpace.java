package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Free space on disks. */
public final class DiskSpace {

    private DiskSpace() {}

    /**
     * Returns the space that is available to this user on the disk of a file or folder. {@code Files.getFileStore}
     * would look for the mount point, which a chroot does not list.
     *
     * @return number of bytes; 0 if the system does not report it, as on a full disk
     * @throws IOException if there is no such file or folder
     */
    public static long usable(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return path.toFile().getUsableSpace();
    }
}
