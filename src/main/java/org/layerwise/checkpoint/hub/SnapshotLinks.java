package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.layerwise.base.file.Folders;

/**
 * Puts blobs into snapshots: as relative links, which remain valid when the cache is moved, or as files if the system
 * does not allow links for this user, as often on Windows.
 */
record SnapshotLinks(Maker maker) {

    /** Operation that creates a link. */
    @FunctionalInterface
    interface Maker {
        void make(Path link, Path target) throws IOException;
    }

    /** Returns an instance that creates symbolic links. */
    static SnapshotLinks symbolic() {
        return new SnapshotLinks(Files::createSymbolicLink);
    }

    /** Returns true if a file of a snapshot exists and has the expected length. */
    static boolean isThere(Path file, long size) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    /** Returns true if this user can create links in an existing folder; tries it if the folder has no link. */
    boolean possible(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.anyMatch(Files::isSymbolicLink)) {
                return true;
            }
        }
        Path trial = folder.resolve(".link" + UUID.randomUUID());
        try {
            maker.make(trial, trial.getFileName());
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    /**
     * Puts one blob at its path in a snapshot. Another program may do so at the same time: a correct file is never
     * removed.
     *
     * @param size the blob's length in bytes
     * @param lastUse true if no other file needs the blob, so that it may be moved if links are not possible
     */
    void put(Path blob, Path file, long size, boolean lastUse) throws IOException {
        Files.createDirectories(Folders.parent(file));
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isThere(file, size)) {
            Files.delete(file);
        }
        try {
            maker.make(file, target(Folders.parent(file), blob));
        } catch (IOException | UnsupportedOperationException e) {
            if (isThere(file, size)) {
                return; // another program has just put the file there
            }
            if (lastUse) {
                Files.move(blob, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                copy(blob, file);
            }
        }
    }

    /** Returns the target of a link in a folder. A folder above may be a link, from which a relative path leads elsewhere. */
    private static Path target(Path place, Path blob) throws IOException {
        Path target = place.relativize(blob);
        Path real = place.toRealPath();
        return Files.exists(real.resolve(target)) ? target : real.relativize(blob.toRealPath());
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
