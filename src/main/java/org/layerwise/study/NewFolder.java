package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/** A folder for results that replace nothing. */
final class NewFolder {

    private NewFolder() {}

    /**
     * Makes sure, before long work starts, that a folder is empty or not there and can be written.
     *
     * @throws UserException if it cannot
     */
    static void require(Path folder) {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                if (found.findAny().isPresent()) {
                    throw new UserException("The folder %s is not empty; name a new one with --out.".formatted(folder));
                }
            } catch (IOException e) {
                throw new UserException("Cannot read the folder %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
            }
        }
        WholeFiles.checkWritableFolder(folder);
    }
}
