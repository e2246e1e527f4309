package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;

/**
 * Cache folder of Python's huggingface_hub, which Layerwise shares: {@code models--org--name/} with {@code blobs/ETAG},
 * {@code refs/REVISION} (a file that contains a commit) and {@code snapshots/COMMIT/FILE} (links into {@code blobs}).
 * Reading it needs no network.
 *
 * <p>Layout: <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">huggingface_hub, manage
 * cache</a>.
 *
 * @param folder the folder, which may be missing
 * @param links links of this system
 */
record HubCache(Path folder, SnapshotLinks links) {

    /** Maximum size of a reference file, in bytes: a commit has 40 letters, so a longer file is not a reference. */
    private static final long MOST_REFERENCE_BYTES = 1000;

    /**
     * Returns all models, by name, including broken ones with the reason.
     *
     * @throws UserException if the folder cannot be read
     */
    List<CachedModel> models() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> folders;
        try (Stream<Path> found = Files.list(folder)) {
            folders = found.filter(
                            path -> HubId.isModelFolder(path.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the models in %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
        return folders.stream().map(CacheScan::model).toList();
    }

    /** Returns the snapshot that a revision referred to when it was last requested, if it can be opened. */
    Optional<Path> cached(HubId id, String revision) {
        return commit(id, revision)
                .map(commit -> snapshot(id, commit))
                .filter(Files::isDirectory)
                .filter(snapshot -> SnapshotCheck.of(snapshot).problem().isEmpty());
    }

    /**
     * Returns the snapshot that a revision referred to when it was last requested, if it has its configuration; its
     * weights may be missing.
     */
    Optional<Path> described(HubId id, String revision) {
        return commit(id, revision)
                .map(commit -> snapshot(id, commit))
                .filter(Files::isDirectory)
                .filter(snapshot -> SnapshotCheck.of(snapshot).config());
    }

    /** Returns the commit of a revision, as far as the cache contains it. */
    Optional<String> commit(HubId id, String revision) {
        if (Revisions.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            return reference(refs(id).resolve(Revisions.require(revision)));
        } catch (IOException e) {
            return Optional.empty(); // unreadable means missing; a download reports the reason when it writes
        }
    }

    /** Returns the commit in a file below {@code refs}; empty if the file is missing or contains something else. */
    static Optional<String> reference(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_REFERENCE_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip())
                .filter(Revisions::isCommit);
    }

    /**
     * Writes the commit that a revision refers to.
     *
     * @throws IOException if a link in its place cannot be deleted
     */
    void write(HubId id, String revision, String commit) throws IOException {
        if (!Revisions.isCommit(revision)
                && commit(id, revision).filter(commit::equals).isEmpty()) {
            Path file = refs(id).resolve(revision);
            deleteLink(file);
            AtomicFiles.writeString(file, commit);
        }
    }

    /**
     * Returns what is in the way of a revision's file: the file of a revision {@code x} if the revision is {@code x/y},
     * or the folder of a revision {@code x/y} if it is {@code x}. A repository that had the one may have the other
     * later.
     */
    Optional<Path> inTheWay(HubId id, String revision) {
        if (Revisions.isCommit(revision)) {
            return Optional.empty();
        }
        Path path = refs(id);
        for (Path name : Path.of(revision)) {
            if (Files.isRegularFile(path)) {
                return Optional.of(path);
            }
            path = path.resolve(name);
        }
        return Optional.of(path).filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS));
    }

    private Path refs(HubId id) {
        return model(id).resolve("refs");
    }

    /**
     * Deletes a link at the path of a file that is about to be written, since writing would change the target of the
     * link, which another user of the cache may have set.
     */
    static void deleteLink(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Files.delete(file);
        }
    }

    Path model(HubId id) {
        return folder.resolve(id.folderName());
    }

    Path snapshot(HubId id, String commit) {
        return model(id).resolve("snapshots").resolve(commit);
    }

    /** Returns the files of a snapshot of a model. */
    SnapshotFiles files(HubId id, Path snapshot) {
        return new SnapshotFiles(snapshot, blobs(id), links);
    }

    private Path blobs(HubId id) {
        return model(id).resolve("blobs");
    }

    Path blob(HubId id, String etag) {
        return blobs(id).resolve(etag);
    }

    /** Returns the lock file with which only one program at a time downloads a blob, as in huggingface_hub. */
    Path lock(HubId id, String etag) {
        return folder.resolve(".locks").resolve(id.folderName()).resolve(etag + ".lock");
    }
}
