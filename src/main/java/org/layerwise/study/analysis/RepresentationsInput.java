package org.layerwise.study.analysis;

import java.nio.file.Path;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.base.UserException;

/**
 * File of representations with its content, which is read once: a file that is replaced meanwhile could otherwise give
 * results of two contents in one analysis.
 */
public record RepresentationsInput(Path file, RepresentationsFile.Content content) {

    /**
     * Reads a file.
     *
     * @throws UserException if it is broken, or changes while it is read
     */
    public static RepresentationsInput read(Path file) {
        return new RepresentationsInput(file, RepresentationsFile.read(file));
    }
}
