package org.layerwise.model.config;

import java.nio.file.Path;
import org.layerwise.base.UserException;

/** Size limit of the name of a class: a file of results repeats the names for each row that it lists. */
public final class ClassNameLimit {

    private static final int MOST_CHARACTERS = 1_000;

    private ClassNameLimit() {}

    /**
     * Returns the name of a class in a file.
     *
     * @throws UserException if it is longer than 1,000 characters
     */
    public static String require(String name, Path file) {
        if (name.length() > MOST_CHARACTERS) {
            throw new UserException(
                    "%s names a class with %s characters, more than the %s that a name may have; shorten it."
                            .formatted(file, name.length(), MOST_CHARACTERS));
        }
        return name;
    }
}
