package org.layerwise.base;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder among the system's temporary files that this user alone can read. It is deleted when it is closed, or at the next start if
 * this process is killed before.
 *
 * @param path where it is
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    private static final FileAttribute<?>[] OF_USER =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];

    /**
     * Makes one.
     *
     * @param use what it is for, as a part of its name
     * @throws IOException if there is no room for it
     */
    public static TemporaryFolder make(String use) throws IOException {
        Path path = WholeFiles.begun(Path.of(System.getProperty("java.io.tmpdir")), "layerwise-" + use);
        try {
            return new TemporaryFolder(Files.createDirectory(path, OF_USER));
        } catch (IOException e) {
            Leftovers.ofProcess().remove(path);
            throw e;
        }
    }

    /** Deletes it with all that is in it. */
    @Override
    public void close() {
        WholeFiles.deleteFolder(path);
        Leftovers.ofProcess().remove(path);
    }
}
