package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.layerwise.base.UserException;

/**
 * File or folder that will be written and must not replace any of its own inputs. Paths are compared by the files that
 * they lead to, through links.
 *
 * @param flag flag that names the output, for messages
 * @param path path of the output, which need not exist yet
 */
public record Output(String flag, Path path) {

    /**
     * Requires that the output is not a certain input file or folder.
     *
     * @param input flag that names the input
     * @param read path of the input
     * @throws UserException if both paths lead to the same file or folder
     */
    public Output requireNot(String input, Path read) {
        if (same(path, read)) {
            throw new UserException("%s %s is what %s reads, and would be replaced; name another %s."
                    .formatted(flag, path, input, Files.isDirectory(read) ? "folder" : "file"));
        }
        return this;
    }

    /**
     * Requires that the output is not a second output.
     *
     * @throws UserException if both paths lead to the same file or folder
     */
    public Output requireOther(String otherFlag, Path other) {
        if (same(path, other)) {
            throw new UserException(
                    "%s and %s both name %s; give each a file of its own.".formatted(flag, otherFlag, other));
        }
        return this;
    }

    /**
     * Requires that the output lies outside of an input folder, such as the folder of a model.
     *
     * @param input flag that names the folder
     * @throws UserException if the output is the folder or lies in it
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
     * Requires that no file or folder which is written into the output folder replaces an input.
     *
     * @param input flag that names the input
     * @param read path of the input
     * @param written test that is true for the name of a file or folder that is written into the output folder
     * @throws UserException if the input has such a name in the output folder, or lies in a folder that has
     */
    public Output requireKept(String input, Path read, Predicate<String> written) {
        if (in(path, read, written)) {
            throw new UserException("%s, which %s reads, would be replaced by what is written into %s; name another %s."
                    .formatted(read, input, path, flag));
        }
        return this;
    }

    /**
     * Requires that the output is not one of the input files in a folder. Other files may be written into that folder.
     *
     * @param files test that is true for the name of an input file or folder in the folder
     * @throws UserException if the output is one of them, or lies in one of them
     */
    public Output requireNotOf(Path folder, Predicate<String> files) {
        if (in(folder, path, files)) {
            throw new UserException("%s %s is a file of what is read from %s, and would be replaced; name another file."
                    .formatted(flag, path, folder));
        }
        return this;
    }

    /** Returns true if a path is a file or folder with such a name in a folder, or lies in one. */
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

    /** Returns the path with all links resolved, as far as the path exists. */
    private static Path real(Path path) {
        // not normalised before: ".." after a link refers to the parent of the link's target
        Path whole = path.toAbsolutePath();
        for (Path there = whole; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(whole)).normalize();
            } catch (IOException e) {
                continue; // does not exist, but its parent folder may
            }
        }
        return whole.normalize();
    }
}
