package org.layerwise.base.file;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.layerwise.base.UserException;

/** Checks for symbolic links in folders from untrusted sources. */
public final class SymbolicLinks {

    private SymbolicLinks() {}

    /**
     * Requires that the files which are written into a folder stay in the folder, that is, that no symbolic link leads
     * out of it. The folder itself may be a link, and it may contain links under other names.
     *
     * @param names names of files and folders that are written, relative to the folder; everything in such a folder is
     *     checked as well
     * @throws UserException if one of them is a link, or a folder cannot be read
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
        List<Path> paths = Files.isSymbolicLink(path) ? List.of(path) : FileTree.paths(path);
        paths.stream().filter(Files::isSymbolicLink).findFirst().ifPresent(link -> {
            throw new UserException(
                    "%s is a link, and what is written there would go elsewhere; put what it leads to in its place, or remove it."
                            .formatted(link));
        });
    }
}
