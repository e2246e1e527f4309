package org.layerwise.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerwise.base.file.Folders;

/**
 * Large file of the hub's cache. Its name in the folder {@code blobs} is the SHA-256 hash of its content, and the file
 * of a snapshot is a link to it.
 */
final class CachedBlob {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private CachedBlob() {}

    /**
     * Returns the SHA-256 hash of a file of a snapshot by the name of its blob, without reading the blob. Programs that
     * fill the cache write a blob before they link to it, so that a blob which was written later has been edited, and
     * its name says nothing. An edit that sets the time of the file back is not noticed.
     *
     * @return 64 hexadecimal digits; empty if the file must be read, as an ordinary file, a file with another kind of
     *     name, and a blob that was written after its link
     * @throws IOException if the file cannot be looked at
     */
    static Optional<String> sha256(Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        Path blob = file.toRealPath();
        FileTime linked = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        boolean untouched = Files.getLastModifiedTime(blob).compareTo(linked) <= 0;
        return Optional.of(blob.getFileName().toString())
                .filter(name -> untouched
                        && Folders.parent(blob).endsWith("blobs")
                        && SHA256.matcher(name).matches());
    }
}
