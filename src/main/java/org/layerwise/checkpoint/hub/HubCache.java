package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * The folder in which Python's huggingface_hub, and Layerwise with it, keeps models of the hub:
 * {@code models--org--name/} with {@code blobs/ETAG}, {@code refs/REVISION} (a file that holds a commit) and
 * {@code snapshots/COMMIT/FILE} (links into {@code blobs}). Reading it needs no network.
 *
 * <p>Layout: <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">huggingface_hub, manage
 * cache</a>.
 *
 * @param folder the folder, which need not be there
 */
record HubCache(Path folder) {

    /** A commit has 40 letters; a file that is longer is not a reference. */
    private static final long MOST_REFERENCE_BYTES = 1000;

    /**
     * All models, by name; broken ones too, with the reason.
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
            throw new UserException("Cannot read the models in %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
        return folders.stream().map(CacheScan::model).toList();
    }

    /** The snapshot that a revision stood at when it was last asked for, if it can be opened. */
    Optional<Path> cached(HubId id, String revision) {
        return commit(id, revision)
                .map(commit -> snapshot(id, commit))
                .filter(Files::isDirectory)
                .filter(snapshot -> SnapshotCheck.of(snapshot).problem().isEmpty());
    }

    /** The same if it has its configuration, whatever there is of its weights. */
    Optional<Path> described(HubId id, String revision) {
        return commit(id, revision)
                .map(commit -> snapshot(id, commit))
                .filter(Files::isDirectory)
                .filter(snapshot -> SnapshotCheck.of(snapshot).config());
    }

    /** The commit of a revision as far as the cache knows it. */
    Optional<String> commit(HubId id, String revision) {
        if (Revisions.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            return reference(model(id).resolve("refs").resolve(Revisions.require(revision)));
        } catch (IOException e) {
            return Optional.empty(); // what cannot be read is not there; a download tells why when it writes
        }
    }

    /** The commit that a file below {@code refs} holds; empty if it is not there or holds something else. */
    static Optional<String> reference(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_REFERENCE_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip())
                .filter(Revisions::isCommit);
    }

    /**
     * Notes the commit at which a revision stands.
     *
     * @throws IOException if a link in its place cannot be deleted
     */
    void write(HubId id, String revision, String commit) throws IOException {
        if (!Revisions.isCommit(revision)
                && commit(id, revision).filter(commit::equals).isEmpty()) {
            Path file = model(id).resolve("refs").resolve(revision);
            deleteLink(file);
            WholeFiles.writeString(file, commit);
        }
    }

    /**
     * Deletes a link where a file is to be written, which would be written in the place that it leads to: whoever shares the cache may
     * have put it there.
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

    Path blob(HubId id, String etag) {
        return model(id).resolve("blobs").resolve(etag);
    }

    /** The file by whose lock one program at a time fetches a blob, as in huggingface_hub. */
    Path lock(HubId id, String etag) {
        return folder.resolve(".locks").resolve(id.folderName()).resolve(etag + ".lock");
    }
}
