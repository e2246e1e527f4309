package org.layerwise.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of what a folder holds. On file systems that do not tell upper from lower case, as is usual on macOS and Windows, a name
 * that differs from a listed one by case alone leads to the same file.
 *
 * @param folder must be there
 * @param all in alphabetical order
 */
public record FolderNames(Path folder, List<String> all) {

    /** @throws IOException if the folder cannot be read */
    public static FolderNames of(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new FolderNames(
                    folder,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    /** Returns the listed name of what a file of another name would replace; empty where nothing is in its way. */
    public Optional<String> inTheWayOf(String name) {
        if (all.contains(name)) {
            return Optional.of(name);
        }
        return all.stream()
                .filter(name::equalsIgnoreCase)
                .filter(other -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    /** Returns a listed name as files of this program are named, in lower case, where that leads to the same file. */
    public String plain(String listed) {
        String lower = listed.toLowerCase(Locale.ROOT);
        return inTheWayOf(lower).filter(listed::equals).isPresent() ? lower : listed;
    }
}
