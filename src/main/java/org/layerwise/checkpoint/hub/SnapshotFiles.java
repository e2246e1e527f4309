package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.checkpoint.SafetensorsFile;

/**
 * Files of one snapshot as compared with the hub's list: decides which of them are used as they are and which are
 * downloaded. Downloads create links to blobs, so a file that is not a link, or a link to another file, was put there by
 * the user, is kept, and is used. On systems without links, each file is a copy, which another program may have cut
 * off.
 *
 * @param folder folder of the snapshot, which may be missing
 * @param blobs folder of the model's blobs, which may be missing
 * @param links links of this system
 */
record SnapshotFiles(Path folder, Path blobs, SnapshotLinks links) {

    Path path(RemoteFile listed) {
        return folder.resolve(listed.name());
    }

    /**
     * Returns true if a file need not be downloaded: it has the listed length, or is the user's own.
     *
     * @throws UserException if it is a link of the user to a file that must not be read
     */
    boolean isThere(RemoteFile listed) throws IOException {
        return isOwnLink(listed) || SnapshotLinks.isThere(path(listed), listed.size()) || isOwn(listed);
    }

    /**
     * Requires that a file can be put at its path without following a link of the user to another folder, in which
     * downloads must not delete or write.
     *
     * @throws UserException if the snapshot's folder, or one inside of it, is a link
     */
    void requireOwnFolder(RemoteFile listed) throws IOException {
        Path place = folder;
        Path last = Folders.parent(path(listed));
        while (true) {
            if (Files.isSymbolicLink(place)) {
                throw new UserException(
                        "%s is a link to %s, where downloads write nothing, and %s is missing there; put the file there, or delete the link to fetch all files."
                                .formatted(place, Files.readSymbolicLink(place), listed.name()));
            }
            if (place.equals(last)) {
                return;
            }
            place = place.resolve(place.relativize(last).getName(0));
        }
    }

    /** Returns true for a link to a file that exists and is no blob: downloads make no such links. */
    private boolean isOwnLink(RemoteFile listed) throws IOException {
        Path file = path(listed);
        return Files.isSymbolicLink(file)
                && !isInBlobs(file)
                && new ModelFolder(folder).file(listed.name()).isPresent();
    }

    /** Returns true for a link to a missing file that is no blob: downloads make no such links. */
    boolean isBrokenOwnLink(RemoteFile listed) throws IOException {
        Path file = path(listed);
        return Files.isSymbolicLink(file) && !Files.exists(file) && !isInBlobs(file);
    }

    private boolean isInBlobs(Path link) throws IOException {
        Path target = Folders.parent(link).toRealPath().resolve(Files.readSymbolicLink(link));
        Path place = Folders.parent(target.normalize());
        return Files.isDirectory(place) && Files.isDirectory(blobs) && Files.isSameFile(place, blobs);
    }

    /** Returns true for a file of another length than the listed one that is not a link, and was not cut off. */
    private boolean isOwn(RemoteFile listed) throws IOException {
        Path file = path(listed);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (ModelFiles.isWeights(listed.name())) {
            return SafetensorsFile.isWhole(file);
        }
        return Files.size(file) > listed.size() || links.possible(folder);
    }

    /**
     * Returns the files that are used although they differ from the hub's. Of the files with the listed length, only
     * small ones are compared; a link of the user to a large one counts as different.
     */
    List<Path> different(List<RemoteFile> files, Progress progress) throws IOException {
        List<Path> different = new ArrayList<>();
        for (RemoteFile listed : files) {
            Path file = path(listed);
            boolean link = isOwnLink(listed);
            if (link || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                boolean compared = Files.size(file) != listed.size() || listed.size() <= EditedFiles.MOST_BYTES;
                if (compared ? !ContentHash.matches(file, listed, progress) : link) {
                    different.add(file);
                }
            }
        }
        return different;
    }

    /** Puts a blob at the path of a file, which passes {@link #requireOwnFolder}. */
    void put(Path blob, RemoteFile listed, boolean lastUse) throws IOException {
        links.put(blob, path(listed), listed.size(), lastUse);
    }
}
