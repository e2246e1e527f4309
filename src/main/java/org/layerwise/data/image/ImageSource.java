package org.layerwise.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/** Location of an encoded image of a dataset. The image is decoded only when a batch is made. */
public sealed interface ImageSource {

    /** Returns the text that stands for the image: the name of the file, or its size. */
    String text();

    /**
     * Returns the encoded bytes.
     *
     * @param name name of the image in messages, for the beginning of a sentence
     * @throws UserException if the image cannot be read
     */
    byte[] read(String name);

    /** Image in a file of its own. */
    record InFile(Path path) implements ImageSource {

        private static final long LARGEST = 1L << 30;

        @Override
        public String text() {
            return String.valueOf(path.getFileName());
        }

        @Override
        public byte[] read(String name) {
            if (!Files.isRegularFile(path)) {
                throw new UserException("%s is not there; there is no file %s.".formatted(name, path));
            }
            try {
                if (Files.size(path) > LARGEST) {
                    throw new UserException("%s is larger than 1 GB; shrink it.".formatted(name));
                }
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw new UserException("%s cannot be read: %s.".formatted(name, FileErrors.reason(e)), e);
            }
        }
    }

    /**
     * Image in a cell of a data file.
     *
     * @param name the file name given with the bytes; empty if there is none
     * @param content an encoded image, shared and not copied
     */
    record InCell(String name, byte[] content) implements ImageSource {

        @Override
        public String text() {
            return name.isEmpty() ? "image of %s bytes".formatted(content.length) : name;
        }

        @Override
        public byte[] read(String shownAs) {
            return content;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof InCell cell && name.equals(cell.name) && Arrays.equals(content, cell.content);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return "InCell[%s]".formatted(text());
        }
    }
}
