package org.layerwise.study.document;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How files and folders are named in a study file. What lies beside the file or below it is named from there, beginning with
 * {@code ./}, so that a study can be moved with all that belongs to it; everything else is absolute. A name that is no path,
 * such as a model of the hub or a sample task, stays as it is.
 *
 * @param folder of the study file, absolute
 * @param before where the file lay when it was written, null if that is not known: what lay beside it there may lie beside it
 *     here
 */
record StudyPaths(Path folder, @Nullable Path before) {

    private static final String HERE = "./";
    private static final String LIST = ",";

    /** As it is written. */
    String written(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(folder)
                ? HERE + folder.relativize(absolute).toString().replace('\\', '/')
                : absolute.toString();
    }

    /** A file, folder or name as it is written. */
    String written(String place) {
        Path path = path(place);
        return path == null || !path.isAbsolute() && !Files.exists(path) ? place : written(path);
    }

    /** Files with commas between as they are written. */
    String writtenAll(String places) {
        return Arrays.stream(places.split(LIST))
                .map(String::strip)
                .map(this::written)
                .collect(Collectors.joining(LIST));
    }

    /** A file or folder as it is to be opened. */
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

    /** A file, folder or name as it is to be opened. */
    String read(String written) {
        Path path = path(written);
        boolean named = path != null && (written.startsWith(HERE) || path.isAbsolute());
        return named ? read(path).toString() : written;
    }

    /** Files with commas between as they are to be opened. */
    String readAll(String written) {
        return Arrays.stream(written.split(LIST))
                .map(String::strip)
                .map(this::read)
                .collect(Collectors.joining(LIST));
    }

    /** Where something would be that was moved together with the study; where it was if it is not there either. */
    private Path moved(Path written) {
        if (before == null || before.equals(folder)) {
            return written;
        }
        Path was = before;
        Path is = folder;
        // ../models beside the study's folder: as far up as both places go
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
            return null; // a pattern, where the platform has no such names
        }
    }
}
