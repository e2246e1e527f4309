package org.layerwise.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder that cannot be read until it is closed. Tests with one are skipped for users who can read everything, as
 * root: {@code capsh --drop=cap_dac_override,cap_dac_read_search} takes that right.
 */
public record UnreadableFolder(Path path) implements AutoCloseable {

    /** Makes a new folder with a file in it. */
    public static UnreadableFolder create(Path path) throws IOException {
        Files.writeString(Files.createDirectories(path).resolve("file"), "text");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
        UnreadableFolder folder = new UnreadableFolder(path);
        if (Files.isReadable(path)) {
            folder.close();
            assumeFalse(true, "this user can read everything");
        }
        return folder;
    }

    @Override
    public void close() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
}
