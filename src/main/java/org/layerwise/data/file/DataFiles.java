package org.layerwise.data.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FilePattern;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/**
 * Files of a location, in the order in which they are read: one file, the files that match a pattern, or the files of a
 * folder.
 *
 * @param name short name of the data
 * @param files at least one file, all of one format
 */
record DataFiles(String name, List<Path> files) {

    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://");
    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

    DataFiles {
        files = List.copyOf(files);
    }

    /**
     * Finds the files.
     *
     * @throws UserException if there are none, they cannot be read, are of several formats, or one is the packed copy of
     *     another
     */
    static DataFiles find(String location, @Nullable TaskPreset preset, Split split) {
        try {
            DataFiles found = located(location, preset, split);
            Gzip.requireNoCopies(found.files);
            FileFormat format = FileFormat.of(found.files.get(0));
            for (Path file : found.files) {
                if (FileFormat.of(file) != format) {
                    throw new UserException(
                            "%s holds files of several kinds (%s and %s); name one of them, or a pattern."
                                    .formatted(location, found.files.get(0).getFileName(), file.getFileName()));
                }
                requireReadable(file);
            }
            return found;
        } catch (InvalidPathException e) {
            throw new UserException("\"%s\" is not a possible file name.".formatted(location), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(location, FileErrors.reason(e)), e);
        }
    }

    /** Returns the files without checking their content; empty if {@link #find} would find none. */
    static List<Path> there(String location, @Nullable TaskPreset preset, Split split) {
        try {
            return located(location, preset, split).files;
        } catch (UserException | InvalidPathException | IOException e) {
            return List.of(); // the reader of the files reports what is wrong
        }
    }

    /** Returns true if a location is a pattern and not a file. */
    static boolean isPattern(String location) {
        return GLOB.matcher(location).find() && !new File(location).exists();
    }

    private static DataFiles located(String location, @Nullable TaskPreset preset, Split split) throws IOException {
        if (ADDRESS.matcher(location).lookingAt()) {
            throw new UserException("%s is an address, and only files are read; download it first, and name the file."
                    .formatted(location));
        }
        if (isPattern(location)) {
            return matching(location);
        }
        Path path = Path.of(location);
        if (Files.isDirectory(path)) {
            return new DataFiles(
                    preset == null ? lastName(path) : preset.task(lastName(path)),
                    new DataFolder(path, preset).files(split));
        }
        if (!Files.exists(path)) {
            throw new UserException("There is no data file %s.".formatted(path));
        }
        if (!Files.isRegularFile(path)) {
            throw new UserException("%s is not a regular file; write the data to one first.".formatted(path));
        }
        return new DataFiles(shortName(path), List.of(path));
    }

    private static DataFiles matching(String location) throws IOException {
        int slash = folderEnd(location);
        Path folder = Path.of(slash < 0 ? "." : location.substring(0, slash + 1));
        String pattern = location.substring(slash + 1);
        List<Path> files = FilePattern.of(pattern, location).filesIn(folder).stream()
                .map(file -> slash < 0 ? folder.relativize(file) : file)
                .toList();
        if (files.isEmpty()) {
            throw new UserException(
                    "No file matches %s; name a file, or write the pattern in quotes, as in \"data/*.parquet\"."
                            .formatted(location));
        }
        Path parent = files.get(0).toAbsolutePath().getParent();
        return new DataFiles(
                files.size() == 1 ? shortName(files.get(0)) : parent == null ? "data" : lastName(parent), files);
    }

    /**
     * Returns the index of the slash after the leading folders of a pattern that exist as written; -1 if there are
     * none.
     */
    private static int folderEnd(String location) {
        int end = -1;
        for (int slash = location.indexOf('/'); slash >= 0; slash = location.indexOf('/', slash + 1)) {
            if (!Files.isDirectory(Path.of(location.substring(0, slash + 1)))) {
                break;
            }
            end = slash;
        }
        return end;
    }

    private static void requireReadable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new UserException("Cannot read %s: permission denied.".formatted(file));
        }
        if (Files.size(file) == 0) {
            throw new UserException("%s is empty.".formatted(file));
        }
        FileFormat.of(file).requireBeginning(file);
    }

    private static String lastName(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "data" : name.toString().toLowerCase(Locale.ROOT);
    }

    private static String shortName(Path file) {
        String name = Gzip.plainName(file);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
