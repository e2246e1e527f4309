package org.layerwise.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A file or folder that will be written, which must replace nothing that it is made from. Paths are compared as the files
 * that they lead to, through links.
 *
 * @param flag what names it, for messages
 * @param path need not be there yet
 */
public record Output(String flag, Path path) {

    /**
     * Makes sure that it is another file, or folder, than one that is read.
     *
     * @param input the flag that names what is read
     * @throws UserException if it is the same
     */
    public Output requireNot(String input, Path read) {
        if (same(path, read)) {
            throw new UserException("%s %s is what %s reads, and would be replaced; name another %s."
                    .formatted(flag, path, input, Files.isDirectory(read) ? "folder" : "file"));
        }
        return this;
    }

    /**
     * Makes sure that it is another file than a second output.
     *
     * @throws UserException if it is the same
     */
    public Output requireOther(String otherFlag, Path other) {
        if (same(path, other)) {
            throw new UserException(
                    "%s and %s both name %s; give each a file of its own.".formatted(flag, otherFlag, other));
        }
        return this;
    }

    /**
     * Makes sure that it lies outside of a folder that belongs together, such as a model's.
     *
     * @param input the flag that names what is read
     * @throws UserException if it is that folder, or lies in it
     */
    public Output requireOutside(String input, Path folder) {
        requireNot(input, folder);
        if (Files.isDirectory(folder) && real(path).startsWith(real(folder))) {
            throw new UserException("%s %s lies in the folder that %s reads; name a place outside of %s."
                    .formatted(flag, path, input, folder));
        }
        return this;
    }

    /**
     * Makes sure that a folder does not get a file or folder in the place of one that is read.
     *
     * @param input the flag that names what is read
     * @param written whether something of that name is written into the folder
     * @throws UserException if what is read has such a name there, or lies in what has
     */
    public Output requireKept(String input, Path read, Predicate<String> written) {
        if (in(path, read, written)) {
            throw new UserException("%s, which %s reads, would be replaced by what is written into %s; name another %s."
                    .formatted(read, input, path, flag));
        }
        return this;
    }

    /**
     * Makes sure that it is none of the files of a folder that is read, which may get other files.
     *
     * @param files whether a file or folder of that name belongs to it
     * @throws UserException if it is one, or lies in one
     */
    public Output requireNotOf(Path folder, Predicate<String> files) {
        if (in(folder, path, files)) {
            throw new UserException("%s %s is a file of what is read from %s, and would be replaced; name another file."
                    .formatted(flag, path, folder));
        }
        return this;
    }

    /** Whether a path is something of such a name in a folder, or lies in what is. */
    private static boolean in(Path folder, Path path, Predicate<String> names) {
        Path place = real(folder);
        Path own = real(path);
        return own.startsWith(place)
                && own.getNameCount() > place.getNameCount()
                && names.test(own.getName(place.getNameCount()).toString());
    }

    private static boolean same(Path one, Path other) {
        try {
            if (Files.exists(one) && Files.exists(other)) {
                return Files.isSameFile(one, other);
            }
        } catch (IOException e) {
            return real(one).equals(real(other));
        }
        return real(one).equals(real(other));
    }

    /** Where a path leads to, as far as it is there. */
    private static Path real(Path path) {
        // not normalised before: the folder above a link is that of what it leads to
        Path whole = path.toAbsolutePath();
        for (Path there = whole; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(whole)).normalize();
            } catch (IOException e) {
                continue; // not there: its folder may be
            }
        }
        return whole.normalize();
    }
}
