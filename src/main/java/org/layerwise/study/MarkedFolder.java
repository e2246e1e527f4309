package org.layerwise.study;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.layerwise.base.UserException;

/**
 * A folder whose files are the program's own if a certain file lies beside them.
 *
 * @param path of the folder
 * @param mark name of that file
 * @param owner of the files, as errors call it, such as {@code demo}
 */
public record MarkedFolder(Path path, String mark, String owner) {

    /** Returns true if the mark is there. */
    public boolean isMarked() {
        return Files.isRegularFile(path.resolve(mark));
    }

    /**
     * Makes sure that no file of others lies in the place of one that will be written.
     *
     * @param names of files and folders
     * @throws UserException naming the first one that is there
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
