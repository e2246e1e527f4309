package org.layerwise.cli;

import java.nio.file.InvalidPathException;

/** Explains that a text cannot be the name of a file on this system. */
final class InvalidFileName {

    private InvalidFileName() {}

    static String sentence(InvalidPathException e) {
        String encoding = System.getProperty("sun.jnu.encoding", "");
        boolean utf8 = encoding.equalsIgnoreCase("UTF-8");
        return "\"%s\" cannot be the name of a file%s."
                .formatted(
                        e.getInput(),
                        utf8
                                ? " here; name another one"
                                : " in this locale (%s); set LC_ALL=C.UTF-8 and start again".formatted(encoding));
    }
}
