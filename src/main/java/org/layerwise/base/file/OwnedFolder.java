package org.layerwise.base.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.layerwise.base.UserException;

/**
 * Folder that belongs to the program if it contains a certain marker file.
 *
 * @param path path of the folder
 * @param mark name of the marker file
 * @param owner owner of the files in error messages, such as {@code demo}
 */
public record OwnedFolder(Path path, String mark, String owner) {

    /** Returns true if the marker file exists. */
    public boolean isMarked() {
        return Files.isRegularFile(path.resolve(mark));
    }

    /**
     * Checks that no file or folder exists that would be overwritten.
     *
     * @param names names of the files and folders to write
     * @throws UserException if one of them exists; the message names the first
     */
    public void requireNone(Collection<String> names) {
        names.stream()
                .sorted()
                .map(path::resolve)
                .filter(Files::exists)
                .findFirst()
                .ifPresent(file -> {
                    throw new UserException(
                            "%s belongs to no %s, as there is no %s beside it; rename it, or name another folder with --out."
                                    .formatted(file, owner, mark));
                });
    }
}
