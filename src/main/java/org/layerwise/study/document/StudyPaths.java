package org.layerwise.study.document;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Converts paths of a study to and from their form in the study file. Files in the study file's folder or below it are
 * written relative to that folder, beginning with {@code ./}, so that a study can be moved with its files. All other
 * paths are absolute. A name that is not a path, such as a model on the hub or a sample task, stays unchanged.
 *
 * @param folder folder of the study file, absolute
 * @param before folder of the study file when it was written, null if unknown. A file that is missing may have moved
 *     together with the study file
 */
record StudyPaths(Path folder, @Nullable Path before) {

    private static final String HERE = "./";
    private static final String LIST = ",";

    /** Returns a path as it is written. */
    String written(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(folder)
                ? HERE + folder.relativize(absolute).toString().replace('\\', '/')
                : absolute.toString();
    }

    /** Returns a file, folder or name as it is written. */
    String written(String place) {
        Path path = path(place);
        return path == null || !path.isAbsolute() && !Files.exists(path) ? place : written(path);
    }

    /** Returns files, separated by commas, as they are written. */
    String relativizeAll(String places) {
        return Arrays.stream(places.split(LIST))
                .map(String::strip)
                .map(this::written)
                .collect(Collectors.joining(LIST));
    }

    /** Returns the file or folder that a written path refers to. */
    Path read(Path written) {
        String text = written.toString().replace('\\', '/');
        if (text.startsWith(HERE)) {
            return folder.resolve(text.substring(HERE.length())).normalize();
        }
        if (!written.isAbsolute()) {
            return folder.resolve(written).normalize();
        }
        return Files.exists(written) ? written : moved(written);
    }

    /** Returns the file, folder or name that a written text refers to. */
    String read(String written) {
        Path path = path(written);
        return path != null && (written.startsWith(HERE) || path.isAbsolute())
                ? read(path).toString()
                : written;
    }

    /** Returns the files that a written list refers to, separated by commas. */
    String readAll(String written) {
        return Arrays.stream(written.split(LIST))
                .map(String::strip)
                .map(this::read)
                .collect(Collectors.joining(LIST));
    }

    /**
     * Returns the new path of a file that moved together with the study; the written path if there is no file at the
     * new path.
     */
    private Path moved(Path written) {
        if (before == null || before.equals(folder)) {
            return written;
        }
        Path was = before;
        Path is = folder;
        // also finds ../models next to the study's folder: goes up as long as both folders have parents
        while (was != null && is != null && was.getNameCount() > 0) {
            if (written.startsWith(was)) {
                Path here = is.resolve(was.relativize(written).toString());
                return Files.exists(here) ? here : written;
            }
            was = was.getParent();
            is = is.getParent();
        }
        return written;
    }

    private static @Nullable Path path(String place) {
        try {
            return Path.of(place);
        } catch (InvalidPathException e) {
            return null; // a pattern, on a platform where it is not a valid path
        }
    }
}
