package org.layerwise.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/** Checks for symbolic links in folders that may come from elsewhere. */
public final class SymbolicLinks {

    private SymbolicLinks() {}

    /**
     * Makes sure that nothing which a folder's own files are written to leads out of the folder. The folder itself may be a link, and
     * may hold links under other names.
     *
     * @param names of files and folders, relative to the folder; whatever lies in a folder of these counts too
     * @throws UserException if there is a link
     */
    public static void requireNone(Path folder, Collection<String> names) {
        names.stream()
                .map(name -> folder.resolve(Path.of(name).getName(0)))
                .distinct()
                .sorted()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .forEach(SymbolicLinks::requireNone);
    }

    private static void requireNone(Path path) {
        try (Stream<Path> found = Files.walk(path)) {
            found.filter(Files::isSymbolicLink).findFirst().ifPresent(link -> {
                throw new UserException(
                        "%s is a link, and what is written there would go elsewhere; put what it leads to in its place, or remove it."
                                .formatted(link));
            });
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(path, WholeFiles.reason(e)), e);
        }
    }
}
