package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Names of the files and folders in a folder. On file systems that ignore case, the default on macOS and Windows, a
 * name that differs from a listed name only by case leads to the same file.
 *
 * @param folder existing folder
 * @param all names in alphabetical order
 */
public record FolderNames(Path folder, List<String> all) {

    /**
     * Lists a folder.
     *
     * @throws IOException if the folder cannot be read
     */
    public static FolderNames of(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new FolderNames(
                    folder,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    /**
     * Returns the listed name of the file that a file with another name would replace; empty if it would replace none.
     */
    public Optional<String> conflictWith(String name) {
        if (all.contains(name)) {
            return Optional.of(name);
        }
        return all.stream()
                .filter(name::equalsIgnoreCase)
                .filter(other -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    /**
     * Returns a listed name in lower case, as this program names its files, if that name leads to the same file;
     * otherwise the listed name itself.
     */
    public String plain(String listed) {
        String lower = listed.toLowerCase(Locale.ROOT);
        return conflictWith(lower).filter(listed::equals).isPresent() ? lower : listed;
    }
}
