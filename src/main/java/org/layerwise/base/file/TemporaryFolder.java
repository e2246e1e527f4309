package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Folder that only this user can read, as a rule among the system's temporary files. It is deleted by {@link #close}, or at the
 * next start if this process is killed before.
 *
 * @param path path of the folder
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    private static final FileAttribute<?>[] OF_USER =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];

    /**
     * Creates a temporary folder.
     *
     * @param use purpose, as a part of the folder's name
     * @throws IOException if the folder cannot be created
     */
    public static TemporaryFolder make(String use) throws IOException {
        return in(Path.of(System.getProperty("java.io.tmpdir")), "layerwise-" + use);
    }

    /**
     * Creates a temporary folder in another folder, for content that will be moved to its final path there.
     *
     * @param name purpose, as a part of the folder's name
     * @throws IOException if the folder cannot be created
     */
    public static TemporaryFolder in(Path folder, String name) throws IOException {
        Path path = UnfinishedFiles.begin(folder, name);
        try {
            return new TemporaryFolder(Files.createDirectory(path, OF_USER));
        } catch (IOException e) {
            TemporaryFileJournal.ofProcess().remove(path);
            throw e;
        }
    }

    /** Deletes the folder and its contents. */
    @Override
    public void close() {
        Folders.delete(path);
        TemporaryFileJournal.ofProcess().remove(path);
    }
}
