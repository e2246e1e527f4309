package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Puts blobs into snapshots: as relative links, which stay right when the cache is moved, or as files where the system
 * has no links for this user, as Windows often has not.
 */
final class SnapshotLinks {

    /** How a link is made. */
    @FunctionalInterface
    interface Maker {
        void make(Path link, Path target) throws IOException;
    }

    private final Maker maker;

    SnapshotLinks(Maker maker) {
        this.maker = maker;
    }

    /** Real symbolic links. */
    static SnapshotLinks symbolic() {
        return new SnapshotLinks(Files::createSymbolicLink);
    }

    /** Whether a file of a snapshot is there and whole, as far as its length tells. */
    static boolean isThere(Path file, long size) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    /**
     * Puts one blob in its place. Another program may do the same at the same time: a file that is right is never taken
     * away.
     *
     * @param size the blob's length
     * @param lastUse whether no other file needs the blob, so that it may be moved where links are not possible
     */
    void put(Path blob, Path file, long size, boolean lastUse) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isThere(file, size)) {
            Files.delete(file);
        }
        try {
            maker.make(file, file.getParent().relativize(blob));
        } catch (IOException | UnsupportedOperationException e) {
            if (isThere(file, size)) {
                return; // another program has just put it there
            }
            if (lastUse) {
                Files.move(blob, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                copy(blob, file);
            }
        }
    }

    private static void copy(Path blob, Path file) throws IOException {
        Path beside = file.resolveSibling(".copy" + UUID.randomUUID());
        try {
            Files.copy(blob, beside);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
