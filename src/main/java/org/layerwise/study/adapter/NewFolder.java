package org.layerwise.study.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/** Folder for new results, which must not replace anything. */
final class NewFolder {

    private NewFolder() {}

    /**
     * Checks that a folder is empty or does not exist, and can be written. Call this before a long computation.
     *
     * @throws UserException if the folder has files or cannot be written
     */
    static void require(Path folder) {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                if (found.findAny().isPresent()) {
                    throw new UserException("The folder %s is not empty; name a new one with --out.".formatted(folder));
                }
            } catch (IOException e) {
                throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
            }
        }
        WritablePaths.checkFolder(folder);
    }
}
